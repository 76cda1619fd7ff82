{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["act_kind", "act_key"], "unique": true}, {"columns": ["period_start"]}]
    )
}}

with threads as (
    select * from {{ ref("int_messages_threaded") }}
),

parents as (
    select * from {{ ref("int_messages_tied") }}
),

roots as (
    select * from {{ ref("int_messages_tied") }}
),

orders as (
    select * from {{ ref("int_orders") }}
    where
        referrer_person_id is not null
        and {{ of_months(ref("months_to_measure")) }}
),

buyers as (
    select * from {{ ref("purchase_spells") }}
    where earlier_order_date is null
),

praises as (
    select * from {{ ref("int_messages") }}
    where
        is_mention
        and sentiment_label = 'positive'
        and campaign_key is null
        and person_id is not null
        and {{ of_months(ref("months_to_measure")) }}
),

-- A reply to the brand, or a word under the brand's post, was asked for.
mentions as (
    select
        praises.message_key as act_key,
        'mention' as act_kind,
        praises.person_id,
        praises.period_start,
        praises.sent_at as acted_at,
        praises.channel,
        praises.brand
    from praises
    left join threads on praises.message_key = threads.message_key
    left join parents on threads.parent_key = parents.message_key
    left join roots on threads.root_key = roots.message_key
    where
        not coalesce(parents.is_by_company, false)
        and not coalesce(roots.is_by_company, false)
),

referrals as (
    select
        orders.order_key as act_key,
        'referral' as act_kind,
        orders.referrer_person_id as person_id,
        orders.period_start,
        orders.ordered_at as acted_at,
        orders.channel,
        orders.brand
    from orders
    inner join buyers
        on orders.person_id = buyers.person_id and orders.order_date = buyers.first_order_date
    where orders.referrer_person_id <> orders.person_id
),

final as (
    select * from mentions
    union all
    select * from referrals
)

select * from final

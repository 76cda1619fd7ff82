{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["period_start"]}]
    )
}}

with messages as (
    select * from {{ ref("int_messages_prepared") }}
),

threads as (
    select * from {{ ref("int_messages_threaded") }}
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

-- The message that a praise answers, and the one above all.
answered as (
    select
        praises.message_key,
        threads.parent_key as answered_key
    from praises
    inner join threads on praises.message_key = threads.message_key
    union all
    select
        praises.message_key,
        threads.root_key as answered_key
    from praises
    inner join threads on praises.message_key = threads.message_key
),

-- A reply to the brand, or a word under the brand's post, was asked for.
asked_for as (
    select answered.message_key
    from answered
    inner join messages on answered.answered_key = messages.message_key
    where messages.direction = 'outbound'
),

mentions as (
    select
        message_key as act_key,
        'mention' as act_kind,
        person_id,
        period_start,
        sent_at as acted_at,
        channel,
        brand
    from praises
    where message_key not in (select message_key from asked_for)
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

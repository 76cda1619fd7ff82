{{ config(materialized="incremental", unique_key="period_start") }}

with months as (
    select period_start from {{ ref("months_to_measure") }}
),

mentions as (
    select
        'mention' as act_kind,
        message_key as act_key,
        person_id,
        period_start,
        sent_at as acted_at,
        coalesce(channel, 'unknown') as channel,
        coalesce(brand, 'unknown') as brand
    from {{ ref("int_messages") }}
    where
        is_mention
        and sentiment_label = 'positive'
        and campaign_key is null
        and person_id is not null
),

orders as (
    select * from {{ ref("int_orders") }}
),

first_orders as (
    select person_id, first_order_date from {{ ref("purchase_spells") }}
    where earlier_order_date is null
),

referrals as (
    select
        'referral' as act_kind,
        orders.order_key as act_key,
        orders.referrer_person_id as person_id,
        orders.period_start,
        orders.ordered_at as acted_at,
        coalesce(orders.channel, 'unknown') as channel,
        coalesce(orders.brand, 'unknown') as brand
    from orders
    inner join first_orders
        on
            orders.person_id = first_orders.person_id
            and orders.order_date = first_orders.first_order_date
    where orders.referrer_person_id <> orders.person_id
),

acts as (
    select * from mentions
    union all
    select * from referrals
),

final as (
    select acts.* from acts
    inner join months
        on acts.period_start = months.period_start
)

select * from final

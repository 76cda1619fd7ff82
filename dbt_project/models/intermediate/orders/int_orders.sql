with orders as (

    select
        *,
        {{ global_key('customer_id', of='customers') }} as customer_key,
        {{ global_key('referrer_customer_id', of='customers') }} as referrer_customer_key
    from {{ ref('int_orders_converted') }}

),

buyers as (

    select * from {{ ref('int_person_links') }}

),

campaigns as (

    select * from {{ ref('int_campaign_keys') }}

),

referrers as (

    select * from {{ ref('int_person_links') }}
    where not is_excluded

),

final as (

    select
        orders.order_key,
        buyers.person_number,
        orders.ordered_at,
        orders.order_date,
        orders.period_start,
        orders.is_return,
        orders.ordered_amount,
        orders.net_amount,
        orders.margin_amount,
        orders.promised_at,
        orders.delivered_at,
        orders.channel,
        orders.brand,
        campaigns.campaign_key,
        nullif(referrers.person_number, buyers.person_number) as referrer_person_number,
        orders.source_name
    from orders
    left join buyers on orders.customer_key = buyers.customer_key
    left join campaigns
        on orders.source_name = campaigns.source_name and orders.campaign_id = campaigns.campaign_id
    left join referrers on orders.referrer_customer_key = referrers.customer_key
    where buyers.is_excluded is null or not buyers.is_excluded

)

select * from final

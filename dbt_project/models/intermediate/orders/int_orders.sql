with orders as (

    select * from {{ ref('int_orders_converted') }}

),

buyers as (

    select * from {{ ref('int_person_links') }}

),

referrers as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        orders.order_key,
        buyers.person_id,
        orders.ordered_at,
        orders.order_date,
        orders.period_start,
        orders.net_amount,
        orders.margin_amount,
        orders.original_amount,
        orders.original_currency,
        orders.channel,
        orders.brand,
        orders.campaign_key,
        orders.referrer_customer_key,
        case
            when
                not referrers.is_excluded
                and referrers.person_id <> coalesce(buyers.person_id, '')
                then referrers.person_id
        end as referrer_person_id,
        orders.loaded_at
    from orders
    left join buyers on orders.customer_key = buyers.customer_key
    left join referrers on orders.referrer_customer_key = referrers.customer_key
    where buyers.is_excluded is null or not buyers.is_excluded

)

select * from final

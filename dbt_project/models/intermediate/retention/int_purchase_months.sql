with orders as (

    select
        *,
        row_number() over (
            partition by person_number, period_start order by ordered_at, order_key
        ) as position,
        count(*) over (partition by person_number, period_start) as order_count
    from {{ ref('int_orders') }}
    where
        person_number is not null
        and not is_return
        and {{ is_reported_month('period_start') }}

),

final as (

    select
        person_number,
        period_start,
        count(*) as order_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        max(order_date) filter (where position = order_count - 1) as second_last_order_date,
        max(coalesce(channel, 'unknown')) filter (where position = 1) as first_channel,
        max(coalesce(brand, 'unknown')) filter (where position = 1) as first_brand,
        max(coalesce(channel, 'unknown')) filter (where position = order_count) as last_channel,
        max(coalesce(brand, 'unknown')) filter (where position = order_count) as last_brand
    from orders
    group by person_number, period_start

)

select * from final

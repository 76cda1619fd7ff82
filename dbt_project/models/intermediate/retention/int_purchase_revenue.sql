with orders as (

    select * from {{ ref('int_orders') }}
    where
        person_number is not null
        and {{ is_reported_month('period_start') }}

),

final as (

    select
        person_number,
        period_start,
        coalesce(brand, 'unknown') as brand,
        coalesce(channel, 'unknown') as channel,
        count(*) filter (where not is_return) as order_count,
        {{ known_sum('net_amount') }} as revenue
    from orders
    group by 1, 2, 3, 4

)

select * from final

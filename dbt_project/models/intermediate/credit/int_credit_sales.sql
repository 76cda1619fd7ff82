-- What is returned is owed to whatever the person's latest sale before it is owed to.
with orders as (

    select
        *,
        max(case when not is_return then ordered_at end) over (
            partition by person_number, case when person_number is null then order_key end
            order by ordered_at
        ) as sale_at
    from {{ ref('int_orders') }}

),

-- Orders of one person at one instant are one sale.
final as (

    select
        person_number,
        case when person_number is null then order_key end as guest_order_key,
        sale_at,
        is_return,
        period_start,
        coalesce(brand, 'unknown') as brand,
        {{ known_sum('net_amount') }} as revenue
    from orders
    where {{ is_reported_month('period_start') }}
    group by 1, 2, 3, 4, 5, 6

)

select * from final

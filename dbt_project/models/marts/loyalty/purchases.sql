with orders as (

    select * from {{ ref('int_orders') }}
    where period_start <= (select max(period_start) from {{ ref('int_months') }})

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        persons.person_id,
        orders.order_date,
        count(*) as order_count,
        coalesce(sum(orders.net_amount), 0) as revenue
    from orders
    inner join persons on orders.person_number = persons.person_number
    group by persons.person_id, orders.order_date

)

select * from final

{%- set window_days = var('activity_window_days') -%}

with orders as (

    select * from {{ ref('int_orders') }}
    where
        person_number is not null
        and {{ is_reported_month('period_start') }}

),

-- An order is in the window at the end of its own month, and of each month until it has left it.
changes as (

    select
        person_number,
        period_start,
        1 as order_count,
        coalesce(net_amount, 0) as revenue
    from orders

    union all

    select
        person_number,
        {{ month_start(add_days('order_date', window_days)) }} as period_start,
        -1 as order_count,
        -coalesce(net_amount, 0) as revenue
    from orders

),

summed as (

    select
        person_number,
        period_start,
        max(case when order_count > 0 then period_start end) as order_month,
        sum(order_count) as order_count,
        sum(revenue) as revenue
    from changes
    group by person_number, period_start

),

running as (

    select
        person_number,
        period_start as first_month,
        lead(period_start, 1, date '9999-12-01') over person as next_month,
        max(order_month) over person as order_month,
        cast(sum(order_count) over person as {{ dbt.type_int() }}) as order_count,
        sum(revenue) over person as revenue
    from summed
    window person as (partition by person_number order by period_start)

),

-- Orders will leave the window in months to come, which no figure is about.
final as (

    select * from running
    where
        order_count > 0
        and {{ is_reported_month('first_month') }}

)

select * from final

{%- set leaves = month_start(add_days('order_date', var('activity_window_days'))) -%}

with orders as (

    select * from {{ ref('int_orders') }}
    where
        person_number is not null
        and {{ is_reported_month('period_start') }}

),

-- An order is in the window at the end of its own month, and of each month until it has left it.
-- So is a return, which is no order.
changes as (

    {% for sign, month in [(1, 'period_start'), (-1, leaves)] %}
        select
            person_number,
            {{ month }} as period_start,
            case when is_return then 0 else {{ sign }} end as order_count,
            case when net_amount is null then {{ sign }} else 0 end as unknown_count,
            {{ sign }} * coalesce(net_amount, 0) as revenue
        from orders

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

summed as (

    select
        person_number,
        period_start,
        max(case when order_count > 0 then period_start end) as order_month,
        sum(order_count) as order_count,
        sum(unknown_count) as unknown_count,
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
        case when sum(unknown_count) over person = 0 then sum(revenue) over person end as revenue
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

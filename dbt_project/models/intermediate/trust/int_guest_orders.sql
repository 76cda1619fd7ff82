{%- set window = var('activity_window_days') -%}

with measures as (

    select * from {{ ref('scorecard') }}
    where
        segment_name = 'company'
        and value is not null
        and metric_id in ('new_customers', 'retention_rate', 'repeat_purchase_rate')

),

guests as (

    select
        order_date,
        count(*) as order_count
    from {{ ref('int_orders') }}
    where person_number is null and not is_return
    group by order_date

),

dated as (

    select
        *,
        {{ add_months('period_start', 1) }} as period_end,
        {{ add_days('period_start', -window) }} as window_start,
        {{ add_days(add_months('period_start', 1), -window) }} as last_window_start
    from measures

),

-- Orders of nobody: in the month, in the window before it, in both windows, and in the last one.
final as (

    select
        dated.metric_id,
        dated.period_start,
        dated.value,
        dated.numerator,
        dated.denominator,
        {% for name, first, last in [
            ('month', 'period_start', 'period_end'),
            ('before', 'window_start', 'period_start'),
            ('kept', 'last_window_start', 'period_start'),
            ('window', 'last_window_start', 'period_end'),
        ] %}
            coalesce(sum(guests.order_count) filter (
                where dated.{{ first }} <= guests.order_date
                and guests.order_date < dated.{{ last }}
            ), 0) as {{ name }}_count,
        {% endfor %}
        coalesce(sum(guests.order_count), 0) as guest_count
    from dated
    left join guests
        on dated.window_start <= guests.order_date and dated.period_end > guests.order_date
    group by 1, 2, 3, 4, 5

)

select * from final

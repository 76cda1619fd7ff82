-- Whoever is new has been observed for less than a window, and repeats nothing yet.
with bounded as (

    select
        *,
        case metric_id when 'new_customers' then month_count else guest_count end as order_count,
        case metric_id
            when 'new_customers' then value + month_count
            when 'retention_rate'
                then 100 * (numerator + kept_count) / nullif(denominator + before_count, 0)
            else value
        end as value_if_new,
        case metric_id
            when 'new_customers' then value
            else 100 * (numerator + least(denominator - numerator, window_count)) / denominator
        end as value_if_known
    from {{ ref('int_guest_orders') }}

),

final as (

    select
        metric_id,
        period_start,
        cast(order_count as {{ dbt.type_bigint() }}) as order_count,
        cast(value_if_new as {{ dbt.type_numeric() }}) as value_if_new,
        cast(value_if_known as {{ dbt.type_numeric() }}) as value_if_known
    from bounded
    where order_count > 0

)

select * from final

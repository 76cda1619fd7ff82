-- The curve of what is about no campaign is as long as the company's, and nobody's.
with survival as (

    select * from {{ ref('int_wait_survival') }}
    where
        not (segment_name = 'campaign' and segment_value = 'none')
        and not (metric_id = 'social_reply_time' and segment_name in ('team', 'topic'))

),

quantiles as (

    select
        'p50' as quantile,
        0.5 as level

    union all

    select
        'p90' as quantile,
        0.1 as level

),

-- The headline is the median by the calendar; the rest are other statistics of the company.
named as (

    select
        survival.*,
        quantiles.level,
        case
            when quantiles.quantile = 'p50' and survival.clock = 'calendar'
                then survival.segment_name
            else 'statistic'
        end as measured_name,
        case
            when quantiles.quantile = 'p50' and survival.clock = 'calendar'
                then survival.segment_value
            when survival.clock = 'business' then quantiles.quantile || '_business'
            else quantiles.quantile
        end as measured_value
    from survival
    cross join quantiles
    where survival.segment_name = 'company' or quantiles.quantile = 'p50'

),

final as (

    select
        metric_id,
        period_start,
        'month' as period_grain,
        measured_name as segment_name,
        measured_value as segment_value,
        cast({{ km_first_time_below('survival', 'level') }} as {{ dbt.type_numeric() }}) as value,
        cast(sum(events) as {{ dbt.type_numeric() }}) as numerator,
        cast(max(at_risk) as {{ dbt.type_numeric() }}) as denominator,
        cast(max(at_risk) as {{ dbt.type_bigint() }}) as n,
        cast(
            {{ km_first_time_below('survival_low', 'level') }} as {{ dbt.type_numeric() }}
        ) as ci_low,
        cast(
            {{ km_first_time_below('survival_high', 'level') }} as {{ dbt.type_numeric() }}
        ) as ci_high,
        cast(null as {{ dbt.type_string() }}) as left_out
    from named
    group by period_start, measured_value, measured_name, metric_id

)

select * from final

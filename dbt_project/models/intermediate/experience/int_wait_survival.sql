{#- What tells most apart comes first, since a sort compares it first. -#}
{% set series = 'period_start, segment_value, segment_name, metric_id, clock' %}

with counted as (

    select * from {{ ref('int_wait_counts') }}

),

-- At risk are all but those who left before: counted forwards, as the curve is, for one sort.
at_risk as (

    select
        *,
        sum(leaving) over (partition by {{ series }})
        - sum(leaving) over (partition by {{ series }} order by minutes)
        + leaving as at_risk
    from counted

),

-- Kaplan & Meier 1958; the variance of its logarithm after Greenwood 1926. Where the last one
-- at risk has the event, survival ends at 0 and the logarithm has no value.
summed as (

    select
        *,
        {{ km_log_survival('events', 'at_risk', series) }} as log_survival,
        {{ km_greenwood('events', 'at_risk', series) }} as log_variance
    from at_risk

),

final as (

    select
        metric_id,
        clock,
        period_start,
        segment_name,
        segment_value,
        minutes,
        events,
        at_risk,
        cast(
            case when events = at_risk then 0 else exp(log_survival) end
            as {{ dbt.type_numeric() }}
        ) as survival,
        cast(
            case
                when events = at_risk then 0
                else {{ km_band('log_survival', 'log_variance', '+') }}
            end as {{ dbt.type_numeric() }}
        ) as survival_low,
        cast(
            case
                when events < at_risk then {{ km_band('log_survival', 'log_variance', '-') }}
            end as {{ dbt.type_numeric() }}
        ) as survival_high
    from summed

)

select * from final

with points as (

    select * from {{ ref('int_scorecard_points') }}

),

limits as (

    select * from {{ ref('int_scorecard_limits') }}

),

placed as (

    select
        points.*,
        limits.mean_moving_range,
        points.expected_value + limits.judged_mean as limit_mean,
        points.judged_value - limits.judged_mean as deviation,
        {{ xmr_limit_distance('limits.mean_moving_range') }} as limit_distance
    from points
    inner join limits
        on
            points.metric_id = limits.metric_id
            and points.segment_name = limits.segment_name
            and points.segment_value = limits.segment_value
            and points.regime = limits.regime

),

flagged as (

    select
        *,
        {{ xmr_rule('deviation', 'limit_distance') }} as rule_above,
        {{ xmr_rule('-deviation', 'limit_distance') }} as rule_below
    from placed

),

-- What falls short of last year by less than it used to is not improving: a seasonal signal
-- counts only where the year-on-year difference itself points the same way.
pointed as (

    select
        *,
        case when judged_value > 0 or not is_seasonal then rule_above end as signal_above,
        case when judged_value < 0 or not is_seasonal then rule_below end as signal_below
    from flagged

),

final as (

    select
        metric_id,
        segment_name,
        segment_value,
        period_start,
        direction,
        deviation,
        mean_moving_range,
        cast(limit_mean - limit_distance as {{ dbt.type_numeric() }}) as limit_low,
        cast(limit_mean as {{ dbt.type_numeric() }}) as limit_mean,
        cast(limit_mean + limit_distance as {{ dbt.type_numeric() }}) as limit_high,
        recent_mean - {{ xmr_limit_distance('recent_moving_range') }} as recent_low,
        recent_mean + {{ xmr_limit_distance('recent_moving_range') }} as recent_high,
        coalesce(signal_above, signal_below) as signal_rule,
        case when signal_above is not null then 1 when signal_below is not null then -1 end
            as signal_side
    from pointed

)

select * from final

with points as (

    select * from {{ ref('int_scorecard_points') }}

),

limits as (

    select * from {{ ref('int_scorecard_limits') }}

),

chance as (

    select * from {{ ref('int_scorecard_chance') }}

),

placed as (

    select
        points.*,
        points.expected_value + limits.judged_mean as limit_mean,
        points.judged_value - limits.judged_mean as deviation,
        {{ wider_distance('chance.chance_above') }} as distance_above,
        {{ wider_distance('chance.chance_below') }} as distance_below,
        chance.is_highest_possible,
        chance.is_lowest_possible
    from points
    inner join limits on {{ same_series('points', 'limits', ['regime']) }}
    left join chance on {{ same_series('points', 'chance', ['period_start']) }}
    where points.judged_value is not null

),

flagged as (

    select
        *,
        {{ xmr_rule('deviation', 'distance_above', 'is_highest_possible') }} as rule_above,
        {{ xmr_rule('-deviation', 'distance_below', 'is_lowest_possible') }} as rule_below
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
        case when deviation > 0 then distance_above else distance_below end as limit_distance,
        cast(limit_mean - distance_below as {{ dbt.type_numeric() }}) as limit_low,
        cast(limit_mean as {{ dbt.type_numeric() }}) as limit_mean,
        cast(limit_mean + distance_above as {{ dbt.type_numeric() }}) as limit_high,
        recent_mean - {{ xmr_limit_distance('recent_moving_range') }} as recent_low,
        recent_mean + {{ xmr_limit_distance('recent_moving_range') }} as recent_high,
        coalesce(signal_above, signal_below) as signal_rule,
        case when signal_above is not null then 1 when signal_below is not null then -1 end
            as signal_side
    from pointed

)

select * from final

with points as (

    select * from {{ ref('int_scorecard_points') }}

),

limits as (

    select * from {{ ref('int_scorecard_limits') }}

),

years as (

    select
        points.metric_id,
        points.segment_name,
        points.segment_value,
        points.period_start,
        points.is_seasonal,
        points.chance_kind,
        points.interval_width,
        limits.judged_mean,
        limits.chance_rate as rate,
        {{ chance_trials('points.denominator') }} as trials,
        {{ chance_trials('points.prior_year_denominator') }} as earlier_trials
    from points
    inner join limits
        on {{ same_series('points', 'limits', ['regime']) }}

),

final as (

    select
        *,
        {{ closed_highest('trials', 'rate') }} as closed_highest,
        {{ closed_lowest('trials', 'rate') }} as closed_lowest,
        {{ closed_highest('earlier_trials', 'rate') }} as closed_earlier_highest,
        {{ closed_lowest('earlier_trials', 'rate') }} as closed_earlier_lowest
    from years

)

select * from final

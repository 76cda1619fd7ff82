with points as (

    select * from {{ ref('int_scorecard_points') }}

),

limits as (

    select * from {{ ref('int_scorecard_limits') }}

),

trials as (

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
        {{ chance_trials('points.prior_year_denominator') }} as earlier_trials,
        case points.chance_kind when 'share' then 100 else {{ endless_trials() }} end as scale
    from points
    inner join limits
        on {{ same_series('points', 'limits', ['regime']) }}

),

counted as (

    select
        *,
        {{ highest_by_chance('trials', 'rate') }} as highest,
        {{ lowest_by_chance('trials', 'rate') }} as lowest,
        {{ highest_by_chance('earlier_trials', 'rate') }} as earlier_highest,
        {{ lowest_by_chance('earlier_trials', 'rate') }} as earlier_lowest
    from trials

),

-- Two years differ by chance as far as their own distances add up in quadrature (Newcombe 1998,
-- method 10). A net share of the month has its interval: three standard errors.
final as (

    select
        metric_id,
        segment_name,
        segment_value,
        period_start,
        cast(case
            when chance_kind = 'net_share' then 3 / 3.92 * interval_width
            when is_seasonal
                then scale * sqrt(
                    power(highest / trials - rate, 2)
                    + power(rate - earlier_lowest / earlier_trials, 2)
                )
            else scale * highest / trials - judged_mean
        end as {{ dbt.type_numeric() }}) as chance_above,
        cast(case
            when chance_kind = 'net_share' then 3 / 3.92 * interval_width
            when is_seasonal
                then scale * sqrt(
                    power(rate - lowest / trials, 2)
                    + power(earlier_highest / earlier_trials - rate, 2)
                )
            else judged_mean - scale * lowest / trials
        end as {{ dbt.type_numeric() }}) as chance_below,
        coalesce(highest = trials, false) as is_highest_possible,
        coalesce(lowest = 0, false) as is_lowest_possible
    from counted

)

select * from final

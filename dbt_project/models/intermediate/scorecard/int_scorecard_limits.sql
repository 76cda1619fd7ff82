with baseline as (

    select * from {{ ref('int_scorecard_points') }}
    where is_baseline

),

means as (

    select
        metric_id,
        segment_name,
        segment_value,
        regime,
        avg(judged_value) as judged_mean,
        {{ chance_rate_of_baseline() }} as chance_rate,
        avg(moving_range) as unscreened_moving_range
    from baseline
    group by 1, 2, 3, 4
    having count(*) >= {{ xmr_baseline_points() }}

),

-- Moving ranges beyond their own limit are left out once (Nelson 1982), so that one freak
-- month in the baseline doesn't widen the limits for years.
final as (

    select
        means.metric_id,
        means.segment_name,
        means.segment_value,
        means.regime,
        cast(means.judged_mean as {{ dbt.type_numeric() }}) as judged_mean,
        means.chance_rate,
        cast(avg(baseline.moving_range) as {{ dbt.type_numeric() }}) as mean_moving_range
    from means
    inner join baseline
        on
            {{ same_series('means', 'baseline', ['regime']) }}
            and baseline.moving_range
            <= {{ xmr_moving_range_limit('means.unscreened_moving_range') }}
    group by 1, 2, 3, 4, means.judged_mean, means.chance_rate

)

select * from final

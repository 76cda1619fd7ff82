with series as (

    select * from {{ ref('int_scorecard_series') }}

),

definitions as (

    select * from {{ ref('metric_catalogue') }}

),

-- Where an archive begins everybody looks new: who was there before is unknown for as long
-- as the activity window, and no baseline is made of these months.
history as (

    select min(period_start) as complete_from
    from {{ ref('int_activity_months') }}
    where is_history_complete

),

-- Months with nothing to compare them with behind a shift count for the last 12 months alone.
judged as (

    select
        series.*,
        {{ chance_of_metric('definitions') }} as chance_kind
    from series
    left join definitions on series.metric_id = definitions.metric_id
    cross join history
    where
        coalesce(series.judged_value, series.value - series.expected_value) is not null
        and (
            coalesce(definitions.rows_mart, '')
            not in ('retention_by_person', 'revenue_by_person', 'cohort_retention', 'rfm_segments')
            or history.complete_from <= case
                when definitions.is_seasonal then series.year_before
                else series.period_start
            end
        )

),

numbered as (

    select
        *,
        count(judged_value) over in_regime as position_in_regime,
        lag(judged_value) over in_regime as previous_value,
        abs(value - lag(value) over in_series) as value_range
    from judged
    window
        in_series as (partition by metric_id, segment_name, segment_value order by period_start),
        in_regime as (
            partition by metric_id, segment_name, segment_value, regime order by period_start
        )

),

final as (

    select
        *,
        abs(judged_value - previous_value) as moving_range,
        judged_value is not null
        and position_in_regime <= {{ xmr_baseline_points() }} as is_baseline,
        cast({{ xmr_mean_of_last(12, 'value') }} as {{ dbt.type_numeric() }}) as recent_mean,
        cast({{ xmr_mean_of_last(12, 'value_range') }} as {{ dbt.type_numeric() }})
            as recent_moving_range
    from numbered

)

select * from final

{{ config(materialized="table", schema="intermediate") }}

with series as (
    select * from {{ ref("scorecard_series") }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by metric_id, segment_name, segment_value, regime
            order by period_start
        ) as position_in_regime,
        lag(judged_value) over (
            partition by metric_id, segment_name, segment_value, regime
            order by period_start
        ) as previous_value
    from series
    where judged_value is not null
),

final as (
    select
        metric_id,
        segment_name,
        segment_value,
        regime,
        period_start,
        direction,
        expected_value,
        judged_value,
        position_in_regime,
        abs(judged_value - previous_value) as moving_range,
        position_in_regime <= {{ xmr_baseline_points() }} as is_baseline
    from numbered
)

select * from final

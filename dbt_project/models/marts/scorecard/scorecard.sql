with measures as (

    select * from {{ ref('int_scorecard_measures_screened') }}

),

signals as (

    select * from {{ ref('int_scorecard_signals') }}

),

signals_kept as (

    select * from {{ ref('int_scorecard_signals_kept') }}

),

decided as (

    select
        measures.*,
        series.prior_year_value,
        signals.limit_low,
        signals.limit_mean,
        signals.limit_high,
        signals.recent_low,
        signals.recent_high,
        targets.target,
        {{ no_later_than_before('measures.period_end', 'freshness.data_as_of') }} as data_as_of,
        signals.limit_low is not null as is_judged,
        signals_kept.signal_rule,
        signals_kept.signal_side
    from measures
    left join {{ ref('int_scorecard_series') }} as series
        on {{ same_series('measures', 'series', ['period_start']) }}
    left join signals on {{ same_series('measures', 'signals', ['period_start']) }}
    left join signals_kept on {{ same_series('measures', 'signals_kept', ['period_start']) }}
    left join {{ ref('int_scorecard_targets') }} as targets
        on {{ same_series('measures', 'targets', ['period_start']) }}
    left join {{ ref('int_scorecard_freshness') }} as freshness
        on measures.metric_id = freshness.metric_id

),

final as (

    select
        metric_id,
        period_start,
        period_grain,
        segment_name,
        segment_value,
        value,
        unit,
        numerator,
        denominator,
        n,
        ci_low,
        ci_high,
        cast(prior_year_value as {{ dbt.type_numeric() }}) as prior_year_value,
        cast(target as {{ dbt.type_numeric() }}) as target,
        {{ signal_verdict() }} as signal,
        {{ target_verdict() }} as target_status,
        is_partial,
        suppressed_reason,
        left_out,
        data_as_of,
        cast(definition_version as {{ dbt.type_string() }}) as definition_version,
        limit_low,
        limit_mean,
        limit_high,
        case when direction <> 'none' then signal_rule end as signal_rule,
        {{ dbt.current_timestamp() }} as refreshed_at
    from decided

)

select * from final

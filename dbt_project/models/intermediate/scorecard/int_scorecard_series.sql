with measures as (

    select * from {{ ref('int_scorecard_measures_screened') }}

),

shifts as (

    select * from {{ source('concord', 'baseline_shifts') }}

),

complete as (

    select
        *,
        cast({{ dbt.dateadd('month', -12, 'period_start') }} as date) as year_before
    from measures
    where not is_partial

),

-- A regime begins with the month of an explained shift; it is numbered by the shifts before.
regimes as (

    select
        complete.metric_id,
        complete.segment_name,
        complete.segment_value,
        complete.period_start,
        count(shifts.shifted_on) as regime
    from complete
    left join shifts
        on
            complete.metric_id = shifts.metric_id
            and complete.segment_name = shifts.segment_name
            and complete.segment_value = shifts.segment_value
            and complete.period_end > shifts.shifted_on
    group by 1, 2, 3, 4

),

final as (

    select
        complete.metric_id,
        complete.segment_name,
        complete.segment_value,
        complete.period_start,
        complete.year_before,
        complete.direction,
        complete.is_seasonal,
        regimes.regime,
        complete.value,
        complete.numerator,
        complete.denominator,
        complete.ci_high - complete.ci_low as interval_width,
        earlier.value as prior_year_value,
        earlier.denominator as prior_year_denominator,
        case when complete.is_seasonal then earlier.value else 0 end as expected_value,
        case
            when complete.is_seasonal then complete.value - earlier.value
            else complete.value
        end as judged_value
    from complete
    inner join regimes
        on {{ same_series('complete', 'regimes', ['period_start']) }}
    left join complete as earlier
        on
            complete.metric_id = earlier.metric_id
            and complete.segment_name = earlier.segment_name
            and complete.segment_value = earlier.segment_value
            and complete.year_before = earlier.period_start

)

select * from final

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
numbered as (

    select
        *,
        (
            select count(*) from shifts
            where
                {{ same_series('complete', 'shifts') }}
                and complete.period_end > shifts.shifted_on
        ) as regime
    from complete

),

-- The difference to a year before an explained shift is the shift itself, and says nothing.
final as (

    select
        numbered.metric_id,
        numbered.segment_name,
        numbered.segment_value,
        numbered.period_start,
        numbered.year_before,
        numbered.direction,
        numbered.is_seasonal,
        numbered.regime,
        numbered.value,
        numbered.numerator,
        numbered.denominator,
        numbered.ci_high - numbered.ci_low as interval_width,
        earlier.value as prior_year_value,
        earlier.denominator as prior_year_denominator,
        case when numbered.is_seasonal then earlier.value else 0 end as expected_value,
        case
            when not numbered.is_seasonal then numbered.value
            when numbered.regime = earlier.regime then numbered.value - earlier.value
        end as judged_value
    from numbered
    left join numbered as earlier
        on
            {{ same_series('numbered', 'earlier') }}
            and numbered.year_before = earlier.period_start

)

select * from final

with measures as (

    select * from {{ ref('int_scorecard_measures_unioned') }}

),

definitions as (

    select * from {{ ref('metric_catalogue') }}

),

dated as (

    select
        measures.*,
        {{ add_months('measures.period_start', 1) }} as period_end
    from measures

),

-- Where nobody could count and nothing was measured there is no data, and so no row. A count
-- of 0 has a value, a share with a denominator has one too: they stay, as what was left out does.
judged as (

    select
        dated.*,
        definitions.unit,
        definitions.direction,
        definitions.is_seasonal,
        definitions.version as definition_version,
        dated.period_end > {{ local_date(as_of()) }} as is_partial,
        case
            when dated.value is null and dated.left_out is not null then dated.left_out
            when coalesce(dated.n, 0) < definitions.minimum_n
                then 'n < ' || cast(definitions.minimum_n as {{ dbt.type_string() }})
            when dated.value is null and coalesce(dated.denominator, 0) <= 0
                then 'nothing to divide by'
            when dated.value is null
                then 'not reached: too few had an outcome'
        end as suppressed_reason
    from dated
    inner join definitions
        on dated.metric_id = definitions.metric_id
    where
        {{ has_begun('dated.period_start') }}
        and (
            coalesce(dated.value, nullif(dated.denominator, 0), nullif(dated.n, 0)) is not null
            or dated.left_out is not null
        )

),

final as (

    select
        metric_id,
        period_start,
        period_end,
        period_grain,
        segment_name,
        segment_value,
        case when suppressed_reason is null then value end as value,
        numerator,
        denominator,
        coalesce(n, 0) as n,
        case when suppressed_reason is null then ci_low end as ci_low,
        case when suppressed_reason is null then ci_high end as ci_high,
        unit,
        direction,
        is_seasonal,
        definition_version,
        is_partial,
        suppressed_reason,
        left_out
    from judged

)

select * from final

with spreads as (

    select
        *,
        'dimension' as segment_name,
        dimension as segment_value
    from {{ ref('int_csat_spreads') }}

),

final as (

    {{ measure_rows('experience_consistency', 'spreads', {
        'value': '100 * sqrt(variance_between)',
        'numerator': 'satisfied_count',
        'denominator': 'answered_count',
        'n': 'answered_count',
        'ci_low': 'null',
        'ci_high': 'null',
        'left_out': spread_left_out(),
    }) }}

)

select * from final

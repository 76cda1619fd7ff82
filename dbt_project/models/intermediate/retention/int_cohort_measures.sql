with cohorts as (

    select * from {{ ref('cohort_retention') }}

),

third_months as (

    {{ by_segments('cohorts', ['brand', 'channel', 'generation'], {
        'cohort_size': 'sum(month_3_cohort_size)',
        'ordering_count': 'sum(month_3_ordering_count)',
    }) }}

),

cohort_months as (

    select
        period_start,
        'month_k' as segment_name,
        cast(month_k as {{ dbt.type_string() }}) as segment_value,
        sum(cohort_size) as cohort_size,
        sum(ordering_count) as ordering_count
    from cohorts
    where month_k between 0 and 12
    group by period_start, month_k

),

final as (

    {{ proportion_rows('cohort_retention', 'third_months', 'ordering_count', 'cohort_size') }}

    union all

    {{ proportion_rows('cohort_retention', 'cohort_months', 'ordering_count', 'cohort_size') }}

)

select * from final

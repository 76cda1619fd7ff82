{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "metric_id", "segment_name", "segment_value"], "unique": true}]
    )
}}

with persons as (
    select * from {{ ref("retention_by_person") }}
    where {{ of_months(ref("months_to_measure")) }}
),

cohorts as (
    select * from {{ ref("cohort_retention") }}
    where {{ of_months(ref("months_to_measure")) }}
),

-- Before a whole window of history nobody can have lapsed: the rate would be 100 % by itself.
known as (
    select * from persons
    where is_history_complete
),

person_counts as (
    {{ by_segments("persons", ["brand", "channel", "generation"], {
        "new_count": "count(*) filter (where is_new)",
        "prior_year_buyers": "count(*) filter (where is_prior_year_buyer)",
        "revenue_retained": "sum(revenue_retained)",
        "revenue_prior_year": "sum(revenue_prior_year)",
    }) }}
),

known_counts as (
    {{ by_segments("known", ["brand", "channel", "generation"], {
        "active_count": "count(*) filter (where is_active_at_start)",
        "retained_count": "count(*) filter (where is_retained)",
        "lapsed_count": "count(*) filter (where is_lapsed_at_start)",
        "reactivated_count": "count(*) filter (where is_reactivated)",
    }) }}
),

third_months as (
    {{ by_segments("cohorts", ["brand", "channel", "generation"], {
        "cohort_size": "sum(month_3_cohort_size)",
        "ordering_count": "sum(month_3_ordering_count)",
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
    {{ proportion_rows("retention_rate", "known_counts", "retained_count", "active_count") }}
    union all
    {{ proportion_rows("reactivation_rate", "known_counts", "reactivated_count", "lapsed_count") }}
    union all
    {{ count_rows("new_customers", "person_counts", "new_count") }}
    union all
    {{ amount_ratio_rows(
        "net_revenue_retention", "person_counts",
        "revenue_retained", "revenue_prior_year", "prior_year_buyers"
    ) }}
    union all
    {{ proportion_rows("cohort_retention", "third_months", "ordering_count", "cohort_size") }}
    union all
    {{ proportion_rows("cohort_retention", "cohort_months", "ordering_count", "cohort_size") }}
)

select * from final

{{
    config(
        materialized="table",
        indexes=[{"columns": ["period_start", "metric_id", "segment_name", "segment_value"], "unique": true}]
    )
}}

with responses as (
    select * from {{ ref("nps_responses") }}
),

counts as (
    select * from {{ ref("advocacy_counts") }}
),

mentions as (
    select * from {{ ref("mentions") }}
),

-- Where no customer was ever heard or named as a referrer, silence is no data and not 0 %.
heard as (
    select min(period_start) as period_start
    from mentions
    where person_id in (select person_id from {{ ref("purchases_by_person") }})
    union all
    -- The record that a source names as referrer is in an index, the person that it is isn't.
    select min(period_start) as period_start
    from {{ ref("int_orders") }}
    where referrer_customer_key is not null and referrer_person_id is not null
),

observed as (
    select * from counts
    where period_start >= (select min(period_start) from heard)
),

answer_counts as (
    {{ by_segments("responses", ["brand", "channel", "generation"], {
        "promoters": "count(*) filter (where is_promoter)",
        "detractors": "count(*) filter (where is_detractor)",
        "answers": "count(*)",
    }, where="is_counted") }}
),

survey_kinds as (
    select
        period_start,
        'survey_kind' as segment_name,
        survey_kind as segment_value,
        count(*) filter (where is_promoter) as promoters,
        count(*) filter (where is_detractor) as detractors,
        count(*) as answers
    from responses
    group by period_start, survey_kind
),

final as (
    {{ net_share_rows("nps", "answer_counts", "promoters", "detractors", "answers") }}
    union all
    {{ net_share_rows("nps", "survey_kinds", "promoters", "detractors", "answers") }}
    union all
    {{ proportion_rows("advocacy_rate", "observed", "advocate_count", "active_count") }}
    union all
    {{ proportion_rows(
        "advocating_retained_share", "observed",
        "advocating_retained_count", "active_at_start_count",
        where="active_at_start_count > 0"
    ) }}
)

select * from final

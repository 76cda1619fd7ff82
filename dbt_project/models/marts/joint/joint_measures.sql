{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('campaign_months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "metric_id", "segment_name", "segment_value"], "unique": true}]
    )
}}

with sends as (
    select * from {{ ref("campaign_sends") }}
    where {{ of_months(ref("campaign_months_to_measure")) }}
),

reach as (
    select * from {{ ref("campaign_reach") }}
    where
        spend is not null
        and {{ of_months(ref("campaign_months_to_measure")) }}
),

results as (
    select * from {{ ref("campaign_results") }}
    where
        net_margin is not null
        and {{ of_months(ref("campaign_months_to_measure")) }}
),

priced_sends as (
    select sends.*
    from sends
    inner join reach
        on
            sends.campaign = reach.campaign
            and sends.channel = reach.channel
            and sends.period_start = reach.period_start
),

send_counts as (
    {{ by_segments("sends", ["brand", "channel", "generation", "campaign"], {
        "open_complaint_count": "sum(open_complaint_send_count)",
        "send_count": "sum(judged_send_count)",
    }, "judged_send_count = 1") }}
),

margins as (
    {{ by_segments("results", ["brand", "channel", "campaign"], {
        "net_margin": "sum(net_margin)",
        "spend": "sum(judged_spend)",
        "order_count": "sum(attributed_order_count)",
    }) }}
),

persons_reached as (
    {{ by_segments("priced_sends", ["brand", "channel", "campaign"], {
        "person_count": "count(distinct person_id)",
    }, "is_delivered") }}
),

spending as (
    {{ by_segments("reach", ["brand", "channel", "campaign"], {"spend": "sum(spend)"}) }}
),

costs as (
    select
        spending.*,
        persons_reached.person_count
    from spending
    inner join persons_reached
        on
            spending.period_start = persons_reached.period_start
            and spending.segment_name = persons_reached.segment_name
            and spending.segment_value = persons_reached.segment_value
),

final as (
    {{ proportion_rows(
        "open_complaint_send_rate", "send_counts", "open_complaint_count", "send_count"
    ) }}
    union all
    {{ amount_ratio_rows(
        "campaign_roi", "margins", "net_margin", "spend", "order_count", "spend > 0"
    ) }}
    union all
    {{ amount_per_person_rows(
        "cost_per_person_reached", "costs", "spend", "person_count", "spend > 0"
    ) }}
)

select * from final

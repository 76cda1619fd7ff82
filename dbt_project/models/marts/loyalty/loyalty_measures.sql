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

scored as (
    select * from {{ ref("rfm_segments") }}
    where {{ of_months(ref("months_to_measure")) }}
),

-- Nobody can repeat who wasn't observed for a whole window: without such persons, no row.
repeat_counts as (
    {{ by_segments("persons", ["brand", "channel", "generation"], {
        "buyer_count": "count(*)",
        "repeat_count": "count(*) filter (where has_repeat_in_window)",
    }, where="has_order_in_window") }}
),

best_counts as (
    {{ by_segments("scored", ["brand", "channel", "generation"], {
        "scored_count": "count(*)",
        "best_count": "count(*) filter (where is_champion_or_loyal)",
    }) }}
),

-- Every segment gets a row, for an empty one is a true 0.
rfm_counts as (
    {% for name in rfm_segment_names() %}
        select
            period_start,
            'rfm_segment' as segment_name,
            '{{ name }}' as segment_value,
            count(*) as scored_count,
            count(*) filter (where rfm_segment = '{{ name }}') as segment_count
        from scored
        group by period_start
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    {{ proportion_rows("repeat_purchase_rate", "repeat_counts", "repeat_count", "buyer_count") }}
    union all
    {{ proportion_rows("rfm_segment", "best_counts", "best_count", "scored_count") }}
    union all
    {{ proportion_rows("rfm_segment", "rfm_counts", "segment_count", "scored_count") }}
)

select * from final

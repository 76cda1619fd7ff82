{{ config(materialized="ephemeral") }}

{% set areas = ["retention", "loyalty", "evangelism", "experience", "joint"] %}

with final as (
    {% for area in areas %}
    select
        metric_id,
        period_start,
        period_grain,
        segment_name,
        segment_value,
        value,
        numerator,
        denominator,
        n,
        ci_low,
        ci_high
    from {{ ref(area ~ "_measures") }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final

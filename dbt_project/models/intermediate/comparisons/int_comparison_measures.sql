{%- set by_kind = "outcome = 'ordered_within_90_days' and event_kind = " -%}

with effects as (

    select
        *,
        'event' as segment_name,
        event as segment_value
    from {{ ref('int_comparison_effects') }}

),

sales_effects as (

    select
        *,
        'company' as segment_name,
        'all' as segment_value
    from {{ ref('int_comparison_effects') }}
    where event = 'service' and outcome = 'ordered_within_7_days'

),

recoveries as (

    select
        *,
        'outcome' as segment_name,
        outcome as segment_value
    from {{ ref('recovered_failures') }}

),

served as (

    {{ by_segments(ref('served_persons'), conversation_segment_names(), {
        'ordered_count': 'count(*) filter (where has_ordered)',
        'served_count': 'count(*)',
    }) }}

),

final as (

    {{ proportion_rows('service_sales_rate', 'served', 'ordered_count', 'served_count') }}

    {% for metric_id, relation, where in [
        ('service_sales_lift', 'sales_effects', 'true'),
        ('retention_after', 'effects', by_kind ~ "'event'"),
        ('touch_effect', 'effects', by_kind ~ "'touch'"),
        ('service_recovery_gap', 'recoveries', 'true'),
    ] %}

        union all

        {{ measure_rows(metric_id, relation, {
            'value': 'effect',
            'numerator': 'effect_count',
            'denominator': 'matched_count',
            'n': 'matched_count',
            'ci_low': 'ci_low',
            'ci_high': 'ci_high',
            'left_out': 'left_out',
        }, where) }}

    {% endfor %}

)

select * from final

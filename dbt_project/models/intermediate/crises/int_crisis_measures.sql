with counts as (

    {{ by_segments(ref('int_crisis_counts'), ['brand'], {'crisis_count': 'sum(crisis_count)'}) }}

),

crises as (

    {{ by_segments(ref('crises'), ['brand'], {
        'crisis_count': 'count(*)',
        'replied_count': 'count(*) filter (where is_replied)',
        'over_count': 'count(*) filter (where is_over)',
        'negative_count': 'sum(negative_count)',
        'detection_minutes': median_with_unended('detection_minutes'),
        'first_reply_minutes': median_with_unended('first_reply_minutes'),
        'days_to_baseline': median_with_unended('days_to_baseline'),
    }) }}

),

final as (

    {{ count_rows('crisis_count', 'counts', 'crisis_count') }}

    {% for metric_id, value, numerator in [
        ('crisis_detection_minutes', 'detection_minutes', 'crisis_count'),
        ('crisis_first_reply_minutes', 'first_reply_minutes', 'replied_count'),
        ('crisis_days_to_baseline', 'days_to_baseline', 'over_count'),
    ] %}

        union all

        {{ measure_rows(metric_id, 'crises', {
            'value': value,
            'numerator': numerator,
            'denominator': 'crisis_count',
            'n': 'negative_count',
            'ci_low': 'null',
            'ci_high': 'null',
        }) }}

    {% endfor %}

)

select * from final

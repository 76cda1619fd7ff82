with activity as (

    select * from {{ ref('int_activity_counts') }}

),

ranked as (

    select
        *,
        case when monetary_score is null then 0 else person_count end as scored_count,
        {{ rfm_segment('recency_score', 'frequency_score', 'monetary_score') }} as rfm_segment,
        {{ is_champion_or_loyal('recency_score', 'frequency_score', 'monetary_score') }}
            as is_champion_or_loyal
    from {{ ref('int_rfm_counts') }}

),

-- Nobody can repeat who wasn't observed for a whole window: without such persons, no row.
repeat_counts as (

    {{ by_segments('activity', ['brand', 'channel', 'generation'], {
        'buyer_count': 'sum(observed_count)',
        'repeat_count': 'sum(repeating_count)',
    }, where='observed_count > 0') }}

),

best_counts as (

    {{ by_segments('ranked', ['brand', 'channel', 'generation'], {
        'person_count': 'sum(person_count)',
        'scored_count': 'sum(scored_count)',
        'best_count': 'coalesce(sum(scored_count) filter (where is_champion_or_loyal), 0)',
    }) }}

),

-- Every segment gets a row, for an empty one is a true 0.
rfm_counts as (

    {% for name in rfm_segment_names() %}
        select
            period_start,
            'rfm_segment' as segment_name,
            '{{ name }}' as segment_value,
            sum(scored_count) as scored_count,
            coalesce(sum(scored_count) filter (where rfm_segment = '{{ name }}'), 0)
                as segment_count
        from ranked
        group by period_start

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

final as (

    {{ proportion_rows('repeat_purchase_rate', 'repeat_counts', 'repeat_count', 'buyer_count') }}

    union all

    {{ proportion_rows(
        'rfm_segment', 'best_counts', 'best_count', 'scored_count',
        left_out=left_out([(
            'person_count - scored_count', 'person_count',
            'customers with an amount that has no exchange rate',
        )])
    ) }}

    union all

    {{ proportion_rows('rfm_segment', 'rfm_counts', 'segment_count', 'scored_count') }}

)

select * from final

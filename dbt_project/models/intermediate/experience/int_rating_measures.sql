with rating_counts as (

    {{ by_segments(ref('csat_ratings'), ['brand', 'channel', 'generation', 'team', 'topic'], {
        'satisfied_count': 'sum(satisfied_count)',
        'answered_count': 'sum(answered_count)',
        'unusable_count': 'sum(unusable_count)',
        'asked_count': 'sum(asked_count)',
    }) }}

),

response_counts as (

    select
        period_start,
        'statistic' as segment_name,
        'response_rate' as segment_value,
        answered_count + unusable_count as answered_count,
        asked_count
    from rating_counts
    where segment_name = 'company'

),

effort_scores as (

    {{ by_segments(ref('effort_ratings'), ['scale'], {
        'score': 'sum(counted_score)',
        'answered_count': 'sum(answered_count)',
        'given_count': 'count(*)',
    }, has_total=false) }}

),

final as (

    {{ proportion_rows(
        'csat', 'rating_counts', 'satisfied_count', 'answered_count',
        left_out=left_out([
            ('unusable_count', 'answered_count + unusable_count', 'answers on an unknown scale'),
        ])
    ) }}

    union all

    {{ proportion_rows('csat', 'response_counts', 'answered_count', 'asked_count') }}

    union all

    {{ amount_per_person_rows(
        'ces', 'effort_scores', 'score', 'answered_count',
        left_out=left_out([
            ('given_count - answered_count', 'given_count', 'answers beyond their scale'),
        ])
    ) }}

)

select * from final

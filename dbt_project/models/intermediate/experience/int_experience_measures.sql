with mentions as (

    select * from {{ ref('mentions') }}

),

mention_counts as (

    {{ by_segments('mentions', ['brand', 'channel', 'generation', 'campaign', 'language'], {
        'positive_count': 'sum(positive_count)',
        'negative_count': 'sum(negative_count)',
        'scored_count': 'sum(scored_count)',
    }) }}

),

rating_counts as (

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

opening_counts as (

    {{ by_segments(ref('conversations'), ['brand', 'channel', 'generation', 'campaign'], {
        'replied_count': 'sum(social_replied_24h_count)',
        'due_count': 'sum(social_due_24h_count)',
    }, 'social_due_24h_count = 1') }}

),

final as (

    {{ net_share_rows(
        'net_sentiment', 'mention_counts', 'positive_count', 'negative_count', 'scored_count'
    ) }}

    union all

    {{ proportion_rows(
        'csat', 'rating_counts', 'satisfied_count', 'answered_count',
        left_out=left_out([
            ('unusable_count', 'answered_count + unusable_count', 'answers on an unknown scale'),
        ])
    ) }}

    union all

    {{ proportion_rows('csat', 'response_counts', 'answered_count', 'asked_count') }}

    union all

    {{ proportion_rows(
        'social_response_rate_24h', 'opening_counts', 'replied_count', 'due_count'
    ) }}

)

select * from final
where not (segment_name = 'campaign' and segment_value = 'none')

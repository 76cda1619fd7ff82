with mention_counts as (

    {{ by_segments(ref('mentions'), ['brand', 'channel', 'generation', 'campaign', 'language'], {
        'positive_count': 'sum(positive_count)',
        'negative_count': 'sum(negative_count)',
        'scored_count': 'sum(scored_count)',
    }) }}

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
        'social_response_rate_24h', 'opening_counts', 'replied_count', 'due_count'
    ) }}

)

select * from final

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

mood_counts as (

    {{ by_segments(ref('negative_openings'), conversation_segment_names(), {
        'recovered_count': 'count(*) filter (where is_recovered)',
        'judged_count': 'count(*) filter (where is_judged)',
        'negative_count': 'count(*)',
    }) }}

),

-- One department's contacts alone, whichever, are no share: both have to be heard.
both_heard as (

    select
        greatest(
            min(period_start) filter (where is_public_contact),
            min(period_start) filter (where not is_public_contact)
        ) as first_month
    from {{ ref('conversations') }}
    where is_contact
    having count(distinct is_public_contact) = 2

),

contact_counts as (

    {{ by_segments(ref('conversations'), ['brand', 'channel', 'generation'], {
        'public_count': 'count(*) filter (where is_public_contact)',
        'contact_count': 'count(*)',
    }, 'is_contact and period_start >= (select first_month from both_heard)') }}

),

final as (

    {{ net_share_rows(
        'net_sentiment', 'mention_counts', 'positive_count', 'negative_count', 'scored_count'
    ) }}

    union all

    {{ proportion_rows(
        'social_response_rate_24h', 'opening_counts', 'replied_count', 'due_count'
    ) }}

    union all

    {{ proportion_rows('public_contact_share', 'contact_counts', 'public_count', 'contact_count') }}

    union all

    {{ proportion_rows(
        'sentiment_recovery_rate', 'mood_counts', 'recovered_count', 'judged_count',
        left_out=left_out([('negative_count - judged_count', 'negative_count',
            'negative conversations with one scored message alone')])
    ) }}

)

select * from final

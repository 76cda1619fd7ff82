with crises as (

    select * from {{ ref('int_crises') }}

),

mentions as (

    select
        brand,
        began_at,
        count(*) as negative_count,
        sum(audience) as reach,
        string_agg(case when position <= 3 then message_key end, ', ' order by position)
            as sample_message_keys
    from {{ ref('int_crisis_mentions') }}
    group by brand, began_at

),

replies as (

    select * from {{ ref('int_crisis_replies') }}

),

-- A crisis is linked to a campaign that at least three of its mentions, and a tenth, speak of.
campaigns as (

    select * from {{ ref('int_crisis_campaigns') }}
    where position = 1 and campaign_mention_count >= 3

),

final as (

    select
        crises.brand,
        crises.began_at,
        crises.detected_at,
        crises.peaked_at,
        crises.ended_at,
        crises.period_start,
        cast(crises.peak_count as {{ dbt.type_bigint() }}) as peak_count,
        cast(crises.peak_expected as {{ dbt.type_numeric() }}) as peak_expected,
        coalesce(mentions.negative_count, 0) as negative_count,
        cast(mentions.reach as {{ dbt.type_bigint() }}) as reach,
        mentions.sample_message_keys,
        campaigns.campaign_key,
        campaigns.campaign_name,
        campaigns.campaign_mention_count,
        replies.first_reply_at,
        {{ minutes_between('crises.began_at', 'crises.detected_at') }} as detection_minutes,
        {{ minutes_between('crises.began_at', 'replies.first_reply_at') }} as first_reply_minutes,
        {{ minutes_between('crises.began_at', 'crises.ended_at') }} / 1440 as days_to_baseline,
        true as is_crisis,
        replies.first_reply_at is not null as is_replied,
        crises.ended_at is not null as is_over
    from crises
    left join mentions
        on crises.brand = mentions.brand and crises.began_at = mentions.began_at
    left join replies
        on crises.brand = replies.brand and crises.began_at = replies.began_at
    left join campaigns
        on
            crises.brand = campaigns.brand
            and crises.began_at = campaigns.began_at
            and mentions.negative_count <= 10 * campaigns.campaign_mention_count

)

select * from final

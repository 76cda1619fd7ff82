-- Answers and reposts are no posts of the company's own.
with messages as (

    select * from {{ ref('int_messages_prepared') }}
    where
        is_public
        and not is_repost
        and in_reply_to_key is null
        and {{ is_reported_month('period_start') }}

),

openings as (

    select * from {{ ref('int_message_parents') }}
    where is_by_company and parent_number is null

),

shown as (

    select
        *,
        impressions is not null and coalesce(likes, reposts, replies) is not null as is_counted
    from {{ ref('stg_messages') }}

),

-- What a network doesn't count, such as reposts, adds nothing.
final as (

    select
        messages.message_key,
        messages.sent_at,
        messages.period_start,
        coalesce(messages.channel, 'unknown') as channel,
        coalesce(messages.brand, 'unknown') as brand,
        coalesce(messages.campaign_key, 'none') as campaign,
        shown.likes,
        shown.reposts,
        shown.replies,
        shown.impressions,
        shown.text,
        case
            when shown.is_counted
                then
                    coalesce(shown.likes, 0)
                    + coalesce(shown.reposts, 0)
                    + coalesce(shown.replies, 0)
            else 0
        end as engagement_count,
        case when shown.is_counted then shown.impressions else 0 end as counted_impressions,
        case when shown.is_counted then 1 else 0 end as counted_count
    from messages
    inner join openings on messages.message_number = openings.message_number
    inner join shown
        on
            messages.source_name = shown.source_name
            and messages.message_id = shown.message_id

)

select * from final

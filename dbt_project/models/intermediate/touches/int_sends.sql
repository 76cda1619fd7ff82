with sends as (

    select * from {{ ref('int_sends_dated') }}

),

campaigns as (

    select * from {{ ref('int_campaigns_unioned') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

complaints as (

    select
        person_id,
        opened_at,
        case
            when is_open then null
            when conversation_kind = 'ticket' then coalesce(solved_at, first_reply_at, opened_at)
            else first_reply_at
        end as closed_at,
        {{ dbt.dateadd('day', var('complaint_days'), 'opened_at') }} as expires_at
    from {{ ref('int_conversations') }}
    where is_complaint and person_id is not null

),

final as (

    select
        sends.touch_key,
        links.person_id,
        sends.campaign_key,
        sends.sent_at,
        sends.period_start,
        coalesce(sends.channel, campaigns.channel) as channel,
        campaigns.brand,
        sends.is_delivered,
        exists (
            select 1
            from complaints
            where
                complaints.person_id = links.person_id
                and complaints.opened_at < sends.sent_at
                and complaints.expires_at > sends.sent_at
                and (complaints.closed_at is null or complaints.closed_at > sends.sent_at)
        ) as has_open_complaint,
        sends.loaded_at
    from sends
    left join links on sends.customer_key = links.customer_key
    left join campaigns on sends.campaign_key = campaigns.campaign_key
    where links.is_excluded is null or not links.is_excluded

)

select * from final

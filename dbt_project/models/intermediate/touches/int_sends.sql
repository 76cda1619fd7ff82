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

addressed as (

    select
        sends.touch_key,
        links.person_id,
        sends.campaign_key,
        sends.sent_at,
        sends.period_start,
        coalesce(sends.channel, campaigns.channel) as channel,
        campaigns.brand,
        sends.is_delivered,
        sends.loaded_at
    from sends
    left join links on sends.customer_key = links.customer_key
    left join campaigns on sends.campaign_key = campaigns.campaign_key
    where links.is_excluded is null or not links.is_excluded

),

-- Joined on the person alone, so that no send is compared with other persons' complaints.
into_complaint as (

    select distinct addressed.touch_key
    from addressed
    inner join complaints on addressed.person_id = complaints.person_id
    where
        complaints.opened_at < addressed.sent_at
        and complaints.expires_at > addressed.sent_at
        and (complaints.closed_at is null or complaints.closed_at > addressed.sent_at)

),

final as (

    select
        addressed.*,
        into_complaint.touch_key is not null as has_open_complaint
    from addressed
    left join into_complaint on addressed.touch_key = into_complaint.touch_key

)

select * from final

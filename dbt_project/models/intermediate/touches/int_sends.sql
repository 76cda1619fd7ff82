with sends as (

    select * from {{ ref('int_sends_dated') }}

),

campaigns as (

    select * from {{ ref('int_campaigns_unioned') }}

),

links as (

    select * from {{ ref('int_person_links') }}

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
        sends.loaded_at
    from sends
    left join links on sends.customer_key = links.customer_key
    left join campaigns on sends.campaign_key = campaigns.campaign_key
    where links.is_excluded is null or not links.is_excluded

)

select * from final

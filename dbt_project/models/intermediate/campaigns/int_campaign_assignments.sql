with touches as (

    select
        *,
        {{ global_key('customer_id', of='customers') }} as customer_key,
        {{ local_date('sent_at') }} as sent_date
    from {{ ref('stg_campaign_touches') }}

),

keys as (

    select * from {{ ref('int_campaign_keys') }}

),

campaigns as (

    select * from {{ ref('int_campaigns') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

assignments as (

    select
        {{ global_key('touch_id', 'touches') }} as touch_key,
        links.person_number,
        coalesce(keys.campaign_key, 'unknown') as campaign,
        coalesce(touches.channel, campaigns.channel, 'unknown') as channel,
        coalesce(campaigns.brand, 'unknown') as brand,
        touches.sent_at,
        {{ month_start('touches.sent_date') }} as period_start,
        coalesce(touches.status, 'delivered') as status,
        coalesce(touches.status, 'delivered') <> 'bounced' as is_delivered,
        touches.is_unsubscribed,
        coalesce(touches.is_control, false) as is_control,
        touches.source_name
    from touches
    left join links on touches.customer_key = links.customer_key
    left join keys
        on touches.source_name = keys.source_name and touches.campaign_id = keys.campaign_id
    left join campaigns on keys.campaign_key = campaigns.campaign_key
    where links.is_excluded is null or not links.is_excluded

),

final as (

    select * from assignments
    where {{ is_reported_month('period_start') }}

)

select * from final

with sends as (

    select * from {{ ref('int_sends_received') }}

),

ads as (

    select * from {{ ref('int_ads_reached') }}

),

spending as (

    select * from {{ ref('int_spending') }}

),

joined as (

    select
        campaign,
        channel,
        period_start,
        case when spending.campaign is null then 0 else spending.media_spend end as media_spend,
        case when spending.campaign is null then 0 else spending.labour_spend end as labour_spend,
        case when spending.campaign is null then 0 else spending.tools_spend end as tools_spend,
        case when spending.campaign is null then 0 else spending.known_spend end as known_spend,
        coalesce(sends.send_count, 0) as send_count,
        coalesce(sends.delivered_count, 0) as delivered_count,
        coalesce(sends.persons_reached, 0) as persons_reached,
        coalesce(ads.reach, 0) as ads_reach,
        coalesce(ads.day_count, 0) as ad_day_count,
        coalesce(ads.known_day_count, 0) as known_ad_day_count
    from sends
    full outer join spending using (campaign, channel, period_start)
    left join ads using (campaign, channel, period_start)

),

-- A campaign with a cost that nobody can convert is left out whole, with whom it reached.
final as (

    select
        joined.campaign,
        campaigns.name as campaign_name,
        joined.channel,
        coalesce(campaigns.brand, 'unknown') as brand,
        joined.period_start,
        joined.media_spend,
        joined.labour_spend,
        joined.tools_spend,
        case
            when count(joined.known_spend) over campaign_month = count(*) over campaign_month
                then joined.known_spend
        end as spend,
        joined.send_count,
        joined.delivered_count,
        joined.persons_reached,
        joined.ads_reach,
        joined.ad_day_count,
        joined.known_ad_day_count
    from joined
    left join {{ ref('int_campaigns') }} as campaigns
        on joined.campaign = campaigns.campaign_key
    window campaign_month as (partition by joined.campaign, joined.period_start)

)

select * from final

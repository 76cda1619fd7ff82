{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('campaign_months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "campaign", "channel"], "unique": true}]
    )
}}

with sends as (
    select * from {{ ref("campaign_sends") }}
    where {{ of_months(ref("campaign_months_to_measure")) }}
),

costs as (
    select * from {{ ref("int_campaign_costs") }}
    where {{ of_months(ref("campaign_months_to_measure")) }}
),

campaigns as (
    select * from {{ ref("int_campaigns_unioned") }}
),

counted as (
    select
        campaign,
        channel,
        period_start,
        0 as media_spend,
        0 as labour_spend,
        0 as tools_spend,
        1 as send_count,
        case when is_delivered then 1 else 0 end as delivered_count,
        case when is_delivered then person_id end as reached_person_id
    from sends
    union all
    select
        campaign_key as campaign,
        coalesce(channel, 'unknown') as channel,
        period_start,
        case when cost_kind = 'media' then amount else 0 end as media_spend,
        case when cost_kind = 'labour' then amount else 0 end as labour_spend,
        case when cost_kind = 'tools' then amount else 0 end as tools_spend,
        0 as send_count,
        0 as delivered_count,
        null as reached_person_id
    from costs
),

summed as (
    select
        counted.campaign,
        campaigns.name as campaign_name,
        counted.channel,
        coalesce(campaigns.brand, 'unknown') as brand,
        counted.period_start,
        {{ known_sum("counted.media_spend") }} as media_spend,
        {{ known_sum("counted.labour_spend") }} as labour_spend,
        {{ known_sum("counted.tools_spend") }} as tools_spend,
        {{ known_sum("counted.media_spend + counted.labour_spend + counted.tools_spend") }}
            as known_spend,
        sum(counted.send_count) as send_count,
        sum(counted.delivered_count) as delivered_count,
        count(distinct counted.reached_person_id) as persons_reached
    from counted
    left join campaigns
        on counted.campaign = campaigns.campaign_key
    group by 1, 2, 3, 4, 5
),

-- A campaign with a cost that nobody can convert is left out whole, with whom it reached.
final as (
    select
        campaign,
        campaign_name,
        channel,
        brand,
        period_start,
        media_spend,
        labour_spend,
        tools_spend,
        case
            when count(known_spend) over campaign_month = count(*) over campaign_month
                then known_spend
        end as spend,
        send_count,
        delivered_count,
        persons_reached
    from summed
    window campaign_month as (partition by campaign, period_start)
)

select * from final

with costs as (

    select
        *,
        coalesce(channel, 'unknown') as spent_channel
    from {{ ref('int_campaign_costs') }}
    where {{ is_reported_month('period_start') }}

),

campaigns as (

    select
        *,
        coalesce(brand, 'unknown') as campaign_brand
    from {{ ref('int_campaigns') }}

),

days as (

    select * from {{ ref('int_mention_days') }}

),

summed as (

    select
        costs.campaign_key as campaign,
        costs.spent_channel as channel,
        costs.period_start,
        max(campaigns.name) as campaign_name,
        coalesce(max(campaigns.campaign_brand), 'unknown') as brand,
        sum(costs.amount) as amount,
        sum(case when days.is_in_crisis then costs.amount else 0 end) as amount_at_risk,
        count(*) = count(costs.amount) as is_priced,
        count(*) = count(case when days.is_judged then 1 end) as is_judged
    from costs
    left join campaigns on costs.campaign_key = campaigns.campaign_key
    left join days
        on
            coalesce(campaigns.campaign_brand, 'unknown') = days.brand
            and costs.cost_date = days.calendar_date
    group by costs.campaign_key, costs.spent_channel, costs.period_start

),

-- A campaign of which a cost has no rate, or is of a day that can't be judged, is left out whole.
final as (

    select
        campaign,
        campaign_name,
        channel,
        brand,
        period_start,
        bool_and(is_priced) over campaign_month as is_priced,
        bool_and(is_judged) over campaign_month as is_judged,
        case when bool_and(is_priced and is_judged) over campaign_month then amount_at_risk end
            as spend_at_risk,
        case when bool_and(is_priced and is_judged) over campaign_month then amount end as spend
    from summed
    window campaign_month as (partition by campaign, period_start)

)

select * from final

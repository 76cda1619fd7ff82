with reach as (

    select
        campaign,
        period_start,
        {{ known_sum('spend') }} as spend
    from {{ ref('campaign_reach') }}
    group by campaign, period_start

),

-- Orders without any known margin leave it null: an unknown margin is not a loss. Returns are among
-- the orders, with what they take away.
orders as (

    select
        campaign_key as campaign,
        period_start,
        count(*) as order_count,
        {{ known_sum('net_amount') }} as revenue,
        sum(margin_amount) as margin,
        count(*) filter (where margin_amount is null) as unknown_margin_count
    from {{ ref('int_orders') }}
    where
        campaign_key is not null
        and {{ is_reported_month('period_start') }}
    group by 1, 2

),

-- What campaigns earned before the first order is unknown, as it is without any orders: no loss.
history as (

    select min(period_start) as first_month
    from {{ ref('int_orders') }}

),

campaigns as (

    select * from {{ ref('int_campaigns') }}

),

summed as (

    select
        campaign,
        period_start,
        case when reach.campaign is null then 0 else reach.spend end as spend,
        coalesce(orders.order_count, 0) as attributed_order_count,
        coalesce(orders.unknown_margin_count, 0) as unknown_margin_count,
        case when orders.campaign is null then 0 else orders.revenue end as attributed_revenue,
        case when orders.campaign is null then 0 else orders.margin end as attributed_margin
    from reach
    full outer join orders using (campaign, period_start)

),

final as (

    select
        summed.*,
        campaigns.name as campaign_name,
        coalesce(campaigns.channel, 'unknown') as channel,
        coalesce(campaigns.brand, 'unknown') as brand,
        coalesce(summed.attributed_margin, 0) - summed.spend as net_margin
    from summed
    inner join history on summed.period_start >= history.first_month
    left join campaigns on summed.campaign = campaigns.campaign_key

)

select * from final

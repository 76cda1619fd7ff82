{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('campaign_months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "campaign"], "unique": true}]
    )
}}

with reach as (
    select * from {{ ref("campaign_reach") }}
    where {{ of_months(ref("campaign_months_to_measure")) }}
),

orders as (
    select * from {{ ref("int_orders") }}
    where
        campaign_key is not null
        and {{ of_months(ref("campaign_months_to_measure")) }}
),

campaigns as (
    select * from {{ ref("int_campaigns_unioned") }}
),

booked as (
    select
        campaign,
        period_start,
        spend,
        0 as order_count,
        0 as net_amount,
        null as margin_amount
    from reach
    union all
    select
        campaign_key as campaign,
        period_start,
        0 as spend,
        1 as order_count,
        net_amount,
        margin_amount
    from orders
),

-- Orders without any known margin leave it null: an unknown margin is not a loss.
summed as (
    select
        campaign,
        period_start,
        {{ known_sum("spend") }} as spend,
        sum(order_count) as attributed_order_count,
        cast(coalesce(sum(net_amount), 0) as {{ dbt.type_numeric() }}) as attributed_revenue,
        cast(
            coalesce(sum(margin_amount), case when sum(order_count) = 0 then 0 end)
            as {{ dbt.type_numeric() }}
        ) as attributed_margin
    from booked
    group by campaign, period_start
),

final as (
    select
        summed.*,
        campaigns.name as campaign_name,
        coalesce(campaigns.channel, 'unknown') as channel,
        coalesce(campaigns.brand, 'unknown') as brand,
        cast(
            case when summed.attributed_margin is not null then summed.spend end
            as {{ dbt.type_numeric() }}
        ) as judged_spend,
        cast(summed.attributed_margin - summed.spend as {{ dbt.type_numeric() }}) as net_margin
    from summed
    left join campaigns
        on summed.campaign = campaigns.campaign_key
)

select * from final

-- By person first: counting distinct persons at once would sort all sends.
with received as (

    select
        campaign,
        channel,
        period_start,
        person_number,
        count(*) as send_count,
        count(*) filter (where is_delivered) as delivered_count
    from {{ ref('int_sends') }}
    group by 1, 2, 3, 4

),

sends as (

    select
        campaign,
        channel,
        period_start,
        cast(sum(send_count) as {{ dbt.type_bigint() }}) as send_count,
        cast(sum(delivered_count) as {{ dbt.type_bigint() }}) as delivered_count,
        count(person_number) filter (where delivered_count > 0) as persons_reached
    from received
    group by 1, 2, 3

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
        coalesce(sends.persons_reached, 0) as persons_reached
    from sends
    full outer join spending using (campaign, channel, period_start)

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
        joined.persons_reached
    from joined
    left join {{ ref('int_campaigns') }} as campaigns
        on joined.campaign = campaigns.campaign_key
    window campaign_month as (partition by joined.campaign, joined.period_start)

)

select * from final

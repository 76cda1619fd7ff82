-- Who saw an ad on two days is counted on both: no platform says who they were.
with ad_days as (

    select
        *,
        {{ month_start('ad_date') }} as period_start
    from {{ ref('stg_ad_days') }}

),

campaigns as (

    select * from {{ ref('int_campaign_keys') }}

),

final as (

    select
        campaigns.campaign_key as campaign,
        ad_days.channel,
        ad_days.period_start,
        count(*) as day_count,
        count(ad_days.reach) as known_day_count,
        cast(coalesce(sum(ad_days.reach), 0) as {{ dbt.type_bigint() }}) as reach
    from ad_days
    inner join campaigns
        on
            ad_days.source_name = campaigns.source_name
            and ad_days.campaign_id = campaigns.campaign_id
    group by 1, 2, 3

)

select * from final

-- What a platform charged for a day is a cost of media, unless one of the same day is known.
with named as (

    select
        campaign_id,
        channel,
        cost_kind,
        cost_date,
        amount,
        currency,
        false as is_of_ads,
        source_name
    from {{ ref('stg_campaign_costs') }}

    union all

    select
        campaign_id,
        channel,
        'media' as cost_kind,
        ad_date as cost_date,
        spend as amount,
        currency,
        true as is_of_ads,
        source_name
    from {{ ref('stg_ad_days') }}

),

costs as (

    select
        campaigns.campaign_key,
        named.*,
        upper(coalesce(nullif(trim(named.currency), ''), '{{ var('company_currency') }}'))
            as original_currency,
        bool_or(not named.is_of_ads) over (
            partition by
                campaigns.campaign_key, named.channel, named.cost_kind, named.cost_date
        ) as is_known
    from named
    inner join {{ ref('int_campaign_keys') }} as campaigns
        on named.source_name = campaigns.source_name and named.campaign_id = campaigns.campaign_id

),

final as (

    select
        costs.campaign_key,
        costs.channel,
        costs.cost_kind,
        costs.cost_date,
        {{ month_start('costs.cost_date') }} as period_start,
        case
            when costs.original_currency = '{{ var('company_currency') }}' then costs.amount
            else costs.amount * rates.rate
        end as amount,
        costs.amount as original_amount,
        costs.original_currency,
        costs.is_of_ads,
        costs.source_name
    from costs
    left join {{ ref('int_exchange_rates_daily') }} as rates
        on costs.original_currency = rates.currency and costs.cost_date = rates.rate_date
    where not (costs.is_of_ads and costs.is_known)

)

select * from final

with costs as (

    select
        *,
        upper(coalesce(nullif(trim(currency), ''), '{{ var('company_currency') }}'))
            as original_currency
    from {{ ref('stg_campaign_costs') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_daily') }}

),

campaigns as (

    select * from {{ ref('int_campaign_keys') }}

),

final as (

    select
        campaigns.campaign_key,
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
        costs.source_name
    from costs
    inner join campaigns
        on costs.source_name = campaigns.source_name and costs.campaign_id = campaigns.campaign_id
    left join rates
        on costs.original_currency = rates.currency and costs.cost_date = rates.rate_date

)

select * from final

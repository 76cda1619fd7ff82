with costs as (

    select
        *,
        {{ global_key('campaign_id') }} as campaign_key,
        upper(coalesce(nullif(trim(currency), ''), '{{ var('company_currency') }}'))
            as original_currency
    from {{ ref('stg_campaign_costs') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_daily') }}

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
        costs.source_name
    from costs
    left join rates
        on costs.original_currency = rates.currency and costs.cost_date = rates.rate_date

)

select * from final

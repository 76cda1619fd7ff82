-- A changed send, cost or order moves the result of its campaign in all months of it.
{%- set facts = [
    ('int_orders_converted', 'period_start'),
    ('int_sends_dated', 'period_start'),
    ('int_campaign_costs_unioned', month_start('cost_date')),
] %}

with changed as (

    select campaign_key from {{ ref('int_campaigns_unioned') }}
    where loaded_at > {{ build_since() }}
    {%- for model, month in facts %}

        union

        select campaign_key from {{ ref(model) }}
        where loaded_at > {{ build_since() }}
    {%- endfor %}

    union

    -- A corrected exchange rate moves costs that have not changed themselves.
    select costs.campaign_key
    from {{ ref('int_campaign_costs_unioned') }} as costs
    inner join {{ ref('int_exchange_rates_unioned') }} as rates
        on
            upper(trim(costs.currency)) = rates.currency
            and costs.cost_date >= rates.rate_date
    where rates.loaded_at > {{ build_since() }}

),

final as (
    {%- for model, month in facts %}
        {%- if not loop.first %}

            union
        {%- endif %}

        select {{ month }} as period_start
        from {{ ref(model) }}
        where campaign_key in (select campaign_key from changed)
    {%- endfor %}

)

select * from final

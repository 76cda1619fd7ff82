with orders as (

    select
        *,
        {{ local_date('ordered_at') }} as order_date,
        upper(coalesce(nullif(trim(currency), ''), '{{ var('company_currency') }}'))
            as original_currency,
        gross_amount - case
            when status = 'refunded' then coalesce(nullif(refunded_amount, 0), gross_amount)
            else coalesce(refunded_amount, 0)
        end as original_amount
    from {{ ref('stg_orders') }}
    where coalesce(status, 'completed') not in ('cancelled', 'test')

),

rates as (

    select * from {{ ref('int_exchange_rates_daily') }}

),

rated as (

    select
        orders.*,
        case
            when orders.original_currency = '{{ var('company_currency') }}' then 1
            else rates.rate
        end as rate
    from orders
    left join rates
        on
            orders.original_currency = rates.currency
            and orders.order_date = rates.rate_date

),

final as (

    select
        {{ global_key('order_id') }} as order_key,
        customer_id,
        referrer_customer_id,
        ordered_at,
        order_date,
        {{ month_start('order_date') }} as period_start,
        original_amount * rate as net_amount,
        margin_amount * rate * coalesce(original_amount / nullif(gross_amount, 0), 1)
            as margin_amount,
        original_amount,
        original_currency,
        channel,
        brand,
        campaign_id,
        source_name
    from rated

)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget(\"'orders'\", 'order_key', changed_orders()) }}",
    indexes=[
        {'columns': ['order_key'], 'unique': true},
        {'columns': ['customer_key']},
        {'columns': ['referrer_customer_key']},
        {'columns': ['campaign_key']},
        {'columns': ['period_start']},
        {'columns': ['ordered_at']},
        {'columns': ['loaded_at']}
    ]
) }}

with orders as (

    select
        *,
        {{ local_date('ordered_at') }} as order_date,
        upper(coalesce(nullif(trim(currency), ''), '{{ var("company_currency") }}'))
            as original_currency,
        gross_amount - case
            when status = 'refunded' then coalesce(nullif(refunded_amount, 0), gross_amount)
            else coalesce(refunded_amount, 0)
        end as original_amount
    from {{ ref('int_orders_unioned') }}

),

changed as (

    select * from orders
    {{ only_changed_orders('original_currency') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_daily') }}

),

rated as (

    select
        changed.*,
        case
            when changed.original_currency = '{{ var("company_currency") }}' then 1
            else rates.rate
        end as rate
    from changed
    left join rates
        on
            changed.original_currency = rates.currency
            and changed.order_date = rates.rate_date

),

final as (

    select
        order_key,
        customer_key,
        referrer_customer_key,
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
        campaign_key,
        loaded_at
    from rated

)

select * from final

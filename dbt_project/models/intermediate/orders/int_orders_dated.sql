with orders as (

    select
        *,
        {{ local_date('ordered_at') }} as order_date,
        upper(coalesce(nullif(trim(currency), ''), '{{ var('company_currency') }}'))
            as original_currency
    from {{ ref('stg_orders') }}
    where coalesce(status, 'completed') not in ('cancelled', 'test')

),

rates as (

    select * from {{ ref('int_exchange_rates_daily') }}

),

final as (

    select
        {{ global_key('order_id', 'orders') }} as order_key,
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

)

select * from final

with refunds as (

    select
        *,
        {{ local_date('refunded_at') }} as refund_date,
        upper(nullif(trim(currency), '')) as refund_currency
    from {{ ref('stg_refunds') }}
    where refunded_at <= {{ as_of() }}

),

orders as (

    select * from {{ ref('int_orders_dated') }}

),

rates as (

    select * from {{ ref('int_exchange_rates_daily') }}

),

-- Money that went back in the order's own currency is worth what it was when it came.
final as (

    select
        orders.order_key,
        refunds.source_name,
        refunds.amount as original_amount,
        cast(case
            when refunds.refund_currency is null then refunds.amount
            when refunds.refund_currency = orders.original_currency then refunds.amount
            when refunds.refund_currency = '{{ var('company_currency') }}'
                then refunds.amount / nullif(orders.rate, 0)
            else refunds.amount * rates.rate / nullif(orders.rate, 0)
        end as {{ dbt.type_numeric() }}) as amount
    from refunds
    inner join orders
        on refunds.source_name = orders.source_name and refunds.order_id = orders.order_id
    left join rates
        on refunds.refund_currency = rates.currency and refunds.refund_date = rates.rate_date

)

select * from final

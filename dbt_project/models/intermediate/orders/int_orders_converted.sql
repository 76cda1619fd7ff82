with orders as (

    select * from {{ ref('int_orders_dated') }}

),

refunds as (

    select * from {{ ref('int_order_refunds') }}

),

-- A refund nets its order, whenever it comes. An order's own column may count the same refunds.
refunded as (

    select
        orders.*,
        orders.gross_amount < 0 as is_return,
        case
            when refunds.order_key is null then coalesce(orders.refunded_amount, 0)
            when refunds.amount is not null
                then greatest(refunds.amount, coalesce(orders.refunded_amount, 0))
        end as known_refund
    from orders
    left join refunds on orders.order_key = refunds.order_key

),

netted as (

    select
        *,
        gross_amount - case
            when is_return then 0
            when status = 'refunded' and known_refund = 0 then gross_amount
            else known_refund
        end as original_amount
    from refunded

),

final as (

    select
        order_key,
        customer_id,
        referrer_customer_id,
        ordered_at,
        order_date,
        {{ month_start('order_date') }} as period_start,
        is_return,
        gross_amount * rate as ordered_amount,
        original_amount * rate as net_amount,
        margin_amount * rate * coalesce(original_amount / nullif(gross_amount, 0), 1)
            as margin_amount,
        original_amount,
        original_currency,
        promised_at,
        delivered_at,
        channel,
        brand,
        campaign_id,
        source_name
    from netted

)

select * from final

with staged as (

    {{ union_staging('orders') }}

),

final as (

    select
        {{ global_key('order_id') }} as order_key,
        {{ global_key('customer_id') }} as customer_key,
        ordered_at,
        gross_amount,
        refunded_amount,
        margin_amount,
        currency,
        status,
        channel,
        brand,
        {{ global_key('campaign_id') }} as campaign_key,
        {{ global_key('referrer_customer_id') }} as referrer_customer_key,
        source_name,
        loaded_at
    from staged
    where coalesce(status, 'completed') not in ('cancelled', 'test')

)

select * from final

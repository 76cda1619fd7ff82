{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'orders') }}

),

final as (

    select
        order_id,
        customer_id,
        ordered_at,
        gross_amount,
        refunded_amount,
        margin_amount,
        currency,
        status,
        promised_at,
        delivered_at,
        channel,
        brand,
        campaign_id,
        referrer_customer_id,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

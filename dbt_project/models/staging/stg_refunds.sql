{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'refunds') }}

),

final as (

    select
        refund_id,
        order_id,
        refunded_at,
        amount,
        currency,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

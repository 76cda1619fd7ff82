{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'order_lines') }}

),

final as (

    select
        order_id,
        line_id,
        product_id,
        product_name,
        quantity,
        amount,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

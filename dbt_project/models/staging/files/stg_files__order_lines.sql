with source as (

    select * from {{ source('raw_files', 'order_lines') }}

),

final as (

    select
        order_id,
        line_id,
        product_id,
        quantity,
        amount,
        source_name,
        loaded_at
    from source

)

select * from final

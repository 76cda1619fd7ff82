with staged as (

    {{ union_staging('order_lines') }}

),

final as (

    select
        {{ global_key('order_id') }} as order_key,
        line_id,
        product_id,
        quantity,
        amount,
        source_name,
        loaded_at
    from staged

)

select * from final

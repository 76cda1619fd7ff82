with refunds as (

    select * from {{ ref('int_refunds_converted') }}

),

final as (

    select
        order_key,
        {{ known_sum('amount') }} as amount
    from refunds
    group by order_key

)

select * from final

with staged as (

    {{ union_staging('customers') }}

),

final as (

    select
        {{ global_key('customer_id') }} as customer_key,
        email,
        phone,
        birth_year,
        generation,
        created_at,
        is_staff,
        is_test,
        source_name,
        loaded_at
    from staged

)

select * from final

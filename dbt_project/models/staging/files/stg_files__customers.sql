with source as (

    select * from {{ source('raw_files', 'customers') }}

),

final as (

    select
        customer_id,
        email,
        phone,
        birth_year,
        generation,
        created_at,
        is_staff,
        is_test,
        source_name,
        loaded_at
    from source

)

select * from final

{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'customers') }}

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
    where {{ is_configured('source_name') }}

)

select * from final

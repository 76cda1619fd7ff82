with source as (

    select * from {{ source('raw_files', 'customer_identities') }}

),

final as (

    select
        customer_id,
        identity_type,
        identity_value,
        source_name,
        loaded_at
    from source

)

select * from final

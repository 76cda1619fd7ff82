{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'customer_identities') }}

),

final as (

    select
        customer_id,
        identity_type,
        identity_value,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

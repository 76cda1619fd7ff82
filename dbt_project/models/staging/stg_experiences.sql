{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'experiences') }}

),

final as (

    select
        experience_id,
        customer_id,
        experienced_at,
        measure,
        value,
        channel,
        brand,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

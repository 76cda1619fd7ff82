{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'social_accounts') }}

),

final as (

    select
        network,
        account_id,
        handle,
        is_brand,
        brand,
        created_at,
        followers,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

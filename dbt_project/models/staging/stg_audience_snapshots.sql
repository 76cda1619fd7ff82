{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'audience_snapshots') }}

),

final as (

    select
        network,
        account_id,
        snapshot_date,
        followers,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'agents') }}

),

final as (

    select
        agent_id,
        team,
        handle,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

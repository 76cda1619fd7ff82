{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'ticket_events') }}

),

final as (

    select
        event_id,
        ticket_id,
        event_type,
        occurred_at,
        agent_id,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

with source as (

    select * from {{ source('raw_files', 'ticket_events') }}

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

)

select * from final

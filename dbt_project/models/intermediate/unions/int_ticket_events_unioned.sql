with staged as (

    {{ union_staging('ticket_events') }}

),

final as (

    select
        {{ global_key('event_id') }} as event_key,
        {{ global_key('ticket_id') }} as ticket_key,
        event_type,
        occurred_at,
        {{ global_key('agent_id') }} as agent_key,
        source_name,
        loaded_at
    from staged

)

select * from final

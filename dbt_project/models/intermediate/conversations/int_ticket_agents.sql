with tickets as (

    select
        {{ global_key('ticket_id', of='tickets') }} as ticket_key,
        max({{ global_key('agent_id', of='agents') }}) as agent_key
    from {{ ref('stg_tickets') }}
    group by 1

),

events as (

    select
        {{ global_key('ticket_id', of='tickets') }} as ticket_key,
        {{ global_key('agent_id', of='agents') }} as agent_key,
        event_type,
        event_id,
        occurred_at
    from {{ ref('stg_ticket_events') }}
    where agent_id is not null

),

agents as (

    select * from {{ ref('int_agents') }}

),

-- Whom a ticket was assigned to last has it; else who did the last thing to it.
ranked as (

    select
        *,
        row_number() over (
            partition by ticket_key
            order by
                case when event_type = 'assigned' then 0 else 1 end,
                occurred_at desc,
                event_id desc
        ) as position
    from events

),

-- Desks name the customer here, too: only an agent that we know opened a ticket for one.
opened as (

    select distinct events.ticket_key
    from events
    inner join agents on events.agent_key = agents.agent_key
    where events.event_type = 'created'

),

final as (

    select
        tickets.ticket_key,
        agents.team,
        opened.ticket_key is not null as is_opened_by_agent
    from tickets
    left join ranked on tickets.ticket_key = ranked.ticket_key and ranked.position = 1
    left join agents on coalesce(tickets.agent_key, ranked.agent_key) = agents.agent_key
    left join opened on tickets.ticket_key = opened.ticket_key

)

select * from final

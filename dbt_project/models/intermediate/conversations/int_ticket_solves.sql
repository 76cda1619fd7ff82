with events as (

    select
        *,
        {{ global_key('ticket_id') }} as ticket_key
    from {{ ref('stg_ticket_events') }}
    where event_type = 'solved'

),

tickets as (

    select * from {{ ref('int_tickets') }}

),

-- Some desks import events that are older than their tickets.
final as (

    select
        tickets.ticket_number,
        max(events.occurred_at) as solved_at
    from tickets
    inner join events on tickets.ticket_key = events.ticket_key
    where events.occurred_at >= tickets.created_at
    group by tickets.ticket_number

)

select * from final

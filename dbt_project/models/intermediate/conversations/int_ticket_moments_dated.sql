with tickets as (

    select * from {{ ref('int_tickets') }}

),

events as (

    select
        *,
        {{ global_key('ticket_id', of='tickets') }} as ticket_key
    from {{ ref('stg_ticket_events') }}
    where event_type in ('solved', 'closed', 'reopened')

),

moments as (

    select
        ticket_number,
        'solved' as event_type,
        solved_at as occurred_at,
        created_at,
        status
    from tickets

    union all

    select
        tickets.ticket_number,
        events.event_type,
        events.occurred_at,
        tickets.created_at,
        tickets.status
    from tickets
    inner join events on tickets.ticket_key = events.ticket_key

),

-- Some desks write 1970-01-01 for a date that is not set, and import older events.
final as (

    select
        ticket_number,
        event_type,
        {{ no_earlier_than('created_at', 'occurred_at') }} as occurred_at,
        coalesce(status in ('solved', 'closed'), false) as is_said_solved
    from moments

)

select * from final
where occurred_at is not null

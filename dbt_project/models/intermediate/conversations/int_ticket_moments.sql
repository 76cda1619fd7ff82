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
        created_at
    from tickets

    union all

    select
        tickets.ticket_number,
        events.event_type,
        events.occurred_at,
        tickets.created_at
    from tickets
    inner join events on tickets.ticket_key = events.ticket_key

),

-- Some desks write 1970-01-01 for a date that is not set, and import older events.
dated as (

    select
        ticket_number,
        event_type,
        {{ no_earlier_than('created_at', 'occurred_at') }} as occurred_at,
        case when event_type = 'reopened' then 1 else 0 end as position
    from moments

),

followed as (

    select
        *,
        lag(position) over (partition by ticket_number order by occurred_at, position)
            as position_before
    from dated
    where occurred_at is not null

),

-- Only what was solved can be reopened.
final as (

    select
        *,
        sum(case when position = 1 and position_before = 0 then 1 else 0 end) over (
            partition by ticket_number
            order by occurred_at, position
            rows between unbounded preceding and current row
        ) as round_number
    from followed

)

select * from final

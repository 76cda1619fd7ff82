-- A state of open beats the time of an old solve; without a state there is only the time.
with tickets as (

    select * from {{ ref('int_tickets') }}
    where coalesce(status, 'solved') in ('solved', 'closed')

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
        solved_at as occurred_at
    from tickets

    union all

    select
        tickets.ticket_number,
        events.event_type,
        events.occurred_at
    from tickets
    inner join events on tickets.ticket_key = events.ticket_key

),

-- Some desks write 1970-01-01 for a date that is not set, and import older events.
dated as (

    select
        moments.ticket_number,
        moments.event_type,
        {{ no_earlier_than('tickets.created_at', 'moments.occurred_at') }} as occurred_at
    from moments
    inner join tickets on moments.ticket_number = tickets.ticket_number

),

reopenings as (

    select
        ticket_number,
        max(occurred_at) as reopened_at
    from dated
    where event_type = 'reopened'
    group by ticket_number

),

-- Many desks close a ticket by themselves some days after it was solved.
final as (

    select
        dated.ticket_number,
        coalesce(
            max(dated.occurred_at) filter (where dated.event_type = 'solved'),
            min(dated.occurred_at) filter (where dated.event_type = 'closed')
        ) as solved_at
    from dated
    left join reopenings on dated.ticket_number = reopenings.ticket_number
    where
        dated.event_type in ('solved', 'closed')
        and dated.occurred_at is not null
        and (reopenings.reopened_at is null or dated.occurred_at > reopenings.reopened_at)
    group by dated.ticket_number

)

select * from final

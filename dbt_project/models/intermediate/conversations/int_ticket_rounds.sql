-- A ticket is unsolved from its opening to its solve, and again from a reopening to the next one.
with tickets as (

    select * from {{ ref('int_tickets') }}

),

moments as (

    select * from {{ ref('int_ticket_moments') }}

),

-- Many desks close a ticket by themselves some days after it was solved.
rounds as (

    select
        ticket_number,
        round_number,
        min(occurred_at) filter (where event_type = 'reopened') as reopened_at,
        coalesce(
            max(occurred_at) filter (where event_type = 'solved'),
            min(occurred_at) filter (where event_type = 'closed')
        ) as solved_at
    from moments
    group by ticket_number, round_number

),

sequenced as (

    select
        tickets.ticket_number,
        coalesce(rounds.round_number, 0) as round_number,
        case when rounds.round_number > 0 then rounds.reopened_at else tickets.created_at end
            as begins_at,
        rounds.solved_at,
        lead(rounds.reopened_at) over (
            partition by tickets.ticket_number order by rounds.round_number
        ) as reopened_at,
        lead(rounds.round_number) over (
            partition by tickets.ticket_number order by rounds.round_number
        ) is null as is_last,
        coalesce(tickets.status, 'solved') not in ('solved', 'closed') as is_said_open
    from tickets
    left join rounds on tickets.ticket_number = rounds.ticket_number

),

-- A state of open beats the time of an old solve; without a state there is only the time.
final as (

    select
        ticket_number,
        round_number,
        begins_at,
        solved_at,
        case when not (is_last and is_said_open) then solved_at end as ends_at,
        reopened_at,
        is_last,
        solved_at is not null and (not is_last or is_said_open) as is_reopened
    from sequenced

)

select * from final

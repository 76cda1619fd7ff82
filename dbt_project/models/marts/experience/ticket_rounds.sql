-- Of a ticket that is said to be solved, but not when, nobody knows until when it was unsolved.
with rounds as (

    select * from {{ ref('int_ticket_rounds') }}

),

conversations as (

    select * from {{ ref('int_conversations') }}
    where conversation_kind = 'ticket' and {{ is_reported_month('period_start') }}

),

solves as (

    select * from {{ ref('int_ticket_solves') }}

),

touches as (

    select * from {{ ref('int_ticket_touches') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

newest as (

    select max(period_end) as period_end from {{ ref('int_months') }}

),

final as (

    select
        conversations.conversation_key,
        cast(rounds.round_number as {{ dbt.type_bigint() }}) as round_number,
        persons.person_id,
        {{ conversation_segments('conversations', 'persons') }},
        rounds.begins_at,
        rounds.solved_at,
        rounds.ends_at,
        {{ month_start(local_date('rounds.begins_at')) }} as first_month,
        coalesce({{ month_start(local_date('rounds.ends_at')) }}, newest.period_end) as next_month,
        {{ month_start(local_date('rounds.solved_at')) }} as period_start,
        touches.reply_count,
        case when conversations.is_reopening_known and solves.position = 1 then 1 else 0 end
            as reopenable_count,
        case
            when conversations.is_reopening_known and solves.position = 1
                then solves.reopened_count
            else 0
        end as reopened_count,
        case when touches.reply_count is not null and solves.position = 1 then 1 else 0 end
            as answerable_count,
        case when touches.reply_count = 1 and solves.position = 1 then 1 else 0 end
            as one_touch_count
    from rounds
    inner join conversations on rounds.ticket_number = conversations.conversation_number
    cross join newest
    left join solves
        on
            rounds.ticket_number = solves.ticket_number
            and rounds.round_number = solves.round_number
    left join touches
        on
            rounds.ticket_number = touches.ticket_number
            and rounds.round_number = touches.round_number
    left join persons on conversations.person_number = persons.person_number
    where rounds.ends_at is not null or conversations.is_solve_known

)

select * from final

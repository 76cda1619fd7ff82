with conversations as (

    select * from {{ ref('int_conversations') }}

),

solves as (

    select
        *,
        {{ dbt.dateadd('day', 7, 'solved_at') }} as followed_until
    from {{ ref('int_ticket_solves') }}
    where position = 1 and {{ is_reported_month('period_start') }}

),

issues as (

    select
        solves.ticket_number,
        solves.solved_at,
        solves.period_start,
        solves.followed_until,
        conversations.person_number,
        conversations.topic,
        solves.round_number > 0
        or solves.is_reopened and coalesce(solves.reopened_at <= solves.followed_until, true)
            as is_reopened
    from solves
    inner join conversations on solves.ticket_number = conversations.conversation_number

),

-- Of what nobody says what it is about, nobody can say that it is about something else.
contacts as (

    select
        issues.ticket_number,
        issues.solved_at,
        count(*) as contact_count
    from issues
    inner join conversations
        on
            issues.person_number = conversations.person_number
            and issues.ticket_number <> conversations.conversation_number
            and issues.solved_at < conversations.asked_at
            and issues.followed_until >= conversations.asked_at
            and coalesce(issues.topic = conversations.topic, true)
    group by issues.ticket_number, issues.solved_at

),

final as (

    select
        issues.*,
        coalesce(contacts.contact_count, 0) as contact_count
    from issues
    left join contacts
        on
            issues.ticket_number = contacts.ticket_number
            and issues.solved_at = contacts.solved_at
    where issues.followed_until <= {{ as_of() }}

)

select * from final

with issues as (

    select * from {{ ref('int_ticket_follow_ups') }}

),

conversations as (

    select * from {{ ref('int_conversations') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        conversations.conversation_key,
        persons.person_id,
        {{ conversation_segments('conversations', 'persons') }},
        issues.solved_at,
        issues.period_start,
        issues.is_reopened,
        issues.contact_count,
        persons.person_id is not null as is_followed,
        persons.person_id is not null and not issues.is_reopened and issues.contact_count = 0
            as is_resolved
    from issues
    inner join conversations on issues.ticket_number = conversations.conversation_number
    left join persons on issues.person_number = persons.person_number

)

select * from final

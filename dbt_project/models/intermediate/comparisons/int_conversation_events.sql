{%- set days_until_unanswered = {'complaint': 7, 'mention': 1} -%}

-- A ticket that was reopened had been solved before.
with solves as (

    select
        ticket_number,
        min(solved_at) as solved_at
    from {{ ref('int_ticket_rounds') }}
    group by ticket_number

),

conversations as (

    select
        conversations.person_number,
        conversations.opened_at,
        conversations.first_reply_at,
        solves.solved_at,
        coalesce(conversations.channel, 'unknown') as channel,
        conversations.is_complaint,
        conversations.conversation_kind = 'social' as is_mention,
        {% for kind, days in days_until_unanswered.items() %}
            {{ days_after('conversations.opened_at', days) }} as {{ kind }}_unanswered_at,
        {% endfor %}
        conversations.is_answer_known
    from {{ ref('int_conversations') }} as conversations
    left join solves
        on
            conversations.conversation_kind = 'ticket'
            and conversations.conversation_number = solves.ticket_number
    where conversations.person_number is not null

),

-- An event is at the instant from which on it is known: a complaint is unanswered when it has
-- waited. It began with the conversation.
final as (

    select
        'complaint' as event,
        person_number,
        opened_at as began_at,
        opened_at as happened_at
    from conversations
    where is_complaint

    union all

    select
        'solved_complaint' as event,
        person_number,
        opened_at as began_at,
        solved_at as happened_at
    from conversations
    where is_complaint and solved_at is not null

    {% for kind in days_until_unanswered %}

        union all

        select
            'unanswered_{{ kind }}' as event,
            person_number,
            opened_at as began_at,
            {{ kind }}_unanswered_at as happened_at
        from conversations
        where
            is_{{ kind }}
            and is_answer_known
            and not coalesce(first_reply_at <= {{ kind }}_unanswered_at, false)
            and not coalesce(solved_at <= {{ kind }}_unanswered_at, false)

    {% endfor %}

)

select * from final

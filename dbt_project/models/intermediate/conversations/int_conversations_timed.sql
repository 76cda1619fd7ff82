with conversations as (

    select * from {{ ref('int_conversations_answered') }}

),

hours as (

    select * from {{ ref('int_business_hours') }}

),

final as (

    select
        conversations.*,
        case conversations.conversation_kind
            when 'ticket'
                then conversations.solved_at is null and not conversations.is_said_solved
            else conversations.first_reply_at is null
        end as is_open,
        {{ minutes_between('conversations.asked_at', 'conversations.first_reply_at') }}
            as first_reply_minutes,
        {{ business_minutes_until('conversations.first_reply_at', 'reply_hours') }}
        - ({{ business_minutes_until('conversations.asked_at', 'asking_hours') }})
            as first_reply_business_minutes,
        {{ minutes_between('conversations.opened_at', 'conversations.solved_at') }}
            as resolution_minutes,
        {{ business_minutes_until('conversations.solved_at', 'solve_hours') }}
        - ({{ business_minutes_until('conversations.opened_at', 'opening_hours') }})
            as resolution_business_minutes
    from conversations
    left join hours as opening_hours
        on {{ in_business_hours(
            'conversations.opened_at', 'conversations.calendar_number', 'opening_hours'
        ) }}
    left join hours as asking_hours
        on {{ in_business_hours(
            'conversations.asked_at', 'conversations.calendar_number', 'asking_hours'
        ) }}
    left join hours as reply_hours
        on {{ in_business_hours(
            'conversations.first_reply_at', 'conversations.calendar_number', 'reply_hours'
        ) }}
    left join hours as solve_hours
        on {{ in_business_hours(
            'conversations.solved_at', 'conversations.calendar_number', 'solve_hours'
        ) }}

)

select * from final

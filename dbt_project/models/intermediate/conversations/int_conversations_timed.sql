with conversations as (

    select * from {{ ref('int_conversations_answered') }}

),

opening_days as (

    select * from {{ ref('int_calendar_days') }}

),

asking_days as (

    select * from {{ ref('int_calendar_days') }}

),

reply_days as (

    select * from {{ ref('int_calendar_days') }}

),

solve_days as (

    select * from {{ ref('int_calendar_days') }}

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
        {{ business_minutes_until('conversations.first_reply_at', 'reply_days') }}
        - ({{ business_minutes_until('conversations.asked_at', 'asking_days') }})
            as first_reply_business_minutes,
        {{ minutes_between('conversations.opened_at', 'conversations.solved_at') }}
            as resolution_minutes,
        {{ business_minutes_until('conversations.solved_at', 'solve_days') }}
        - ({{ business_minutes_until('conversations.opened_at', 'opening_days') }})
            as resolution_business_minutes
    from conversations
    left join opening_days
        on conversations.opened_date = opening_days.calendar_date
    left join asking_days
        on {{ local_date('conversations.asked_at') }} = asking_days.calendar_date
    left join reply_days
        on {{ local_date('conversations.first_reply_at') }} = reply_days.calendar_date
    left join solve_days
        on {{ local_date('conversations.solved_at') }} = solve_days.calendar_date

)

select * from final

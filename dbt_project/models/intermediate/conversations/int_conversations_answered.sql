with openings as (

    select * from {{ ref('int_conversation_openings') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}

),

replies as (

    select * from {{ ref('int_conversation_replies') }}

),

solves as (

    select * from {{ ref('int_ticket_rounds') }}
    where is_last

),

joined as (

    select
        openings.conversation_number,
        openings.conversation_key,
        openings.conversation_kind,
        openings.customer_key,
        coalesce(openings.opening_text_hash, replies.first_text_hash) as opening_text_hash,
        openings.opened_at,
        openings.opened_date,
        case
            when replies.conversation_number is not null then replies.asked_at
            when not openings.is_opened_by_agent then openings.opened_at
        end as asked_at,
        openings.channel,
        coalesce(openings.brand, replies.first_brand) as brand,
        tickets.topic,
        tickets.team,
        tickets.priority,
        tickets.first_reply_due_at,
        tickets.solve_due_at,
        openings.is_public,
        openings.ticket_kind,
        replies.first_reply_at,
        solves.ends_at as solved_at,
        solves.round_number as reopenings,
        openings.is_said_solved,
        openings.campaign_key,
        openings.source_name
    from openings
    left join tickets on openings.conversation_number = tickets.ticket_number
    left join replies on openings.conversation_number = replies.conversation_number
    left join solves on openings.conversation_number = solves.ticket_number

),

final as (

    select
        *,
        {{ first_that_fits(var('calendars')) }} as calendar_number
    from joined

)

select * from final

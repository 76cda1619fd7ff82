with openings as (

    select * from {{ ref('int_conversation_openings') }}

),

replies as (

    select * from {{ ref('int_conversation_replies') }}

),

solves as (

    select * from {{ ref('int_ticket_solves') }}

),

final as (

    select
        openings.conversation_number,
        openings.conversation_key,
        openings.conversation_kind,
        openings.customer_key,
        coalesce(openings.opening_text_hash, replies.first_text_hash) as opening_text_hash,
        openings.opened_at,
        openings.opened_date,
        case
            when replies.conversation_number is null then openings.opened_at
            else replies.asked_at
        end as asked_at,
        openings.channel,
        coalesce(openings.brand, replies.first_brand) as brand,
        openings.topic,
        openings.is_public,
        openings.ticket_kind,
        replies.first_reply_at,
        solves.solved_at,
        openings.is_said_solved,
        openings.campaign_key,
        openings.source_name
    from openings
    left join replies on openings.conversation_number = replies.conversation_number
    left join solves on openings.conversation_number = solves.ticket_number

)

select * from final

with messages as (

    select * from {{ ref('int_messages_prepared') }}

),

threads as (

    select * from {{ ref('int_message_threads') }}
    where opening_number is not null

),

final as (

    select
        ticket_number as conversation_number,
        message_number,
        is_by_customer,
        is_reply,
        sent_at,
        brand,
        text_hash
    from messages
    where ticket_number is not null

    union all

    -- What other customers name is not the brand that was asked.
    select
        -threads.opening_number as conversation_number,
        messages.message_number,
        messages.is_by_customer,
        messages.is_reply,
        messages.sent_at,
        case when messages.direction = 'outbound' then messages.brand end as brand,
        messages.text_hash
    from threads
    inner join messages on threads.message_number = messages.message_number

)

select * from final

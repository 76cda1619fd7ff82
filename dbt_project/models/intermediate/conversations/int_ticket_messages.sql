with messages as (

    select * from {{ ref('int_messages_prepared') }}

),

final as (

    select
        'ticket:' || ticket_key as conversation_key,
        ticket_key as record_key,
        is_by_customer,
        sent_at,
        direction = 'outbound'
        and not is_internal
        and coalesce(author_kind, 'agent') <> 'bot' as is_reply,
        message_key,
        brand,
        text_hash,
        loaded_at
    from messages
    where ticket_key is not null

)

select * from final

with messages as (

    select * from {{ ref('int_messages_prepared') }}

),

threads as (

    select * from {{ ref('int_messages_threaded') }}

),

final as (

    select
        'social:' || threads.opening_key as conversation_key,
        threads.opening_key as record_key,
        messages.is_by_customer,
        messages.sent_at,
        messages.direction = 'outbound'
        and not messages.is_internal
        and coalesce(messages.author_kind, 'agent') <> 'bot' as is_reply,
        messages.message_key,
        case when messages.direction = 'outbound' then messages.brand end as brand,
        messages.text_hash,
        messages.loaded_at
    from threads
    inner join messages on threads.message_key = messages.message_key
    where threads.opening_key is not null

)

select * from final

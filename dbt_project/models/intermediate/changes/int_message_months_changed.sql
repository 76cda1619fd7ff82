-- A changed conversation may move its messages to another person, or take them out: whatever
-- months they are of.

with relinked as (

    select customer_key from {{ ref('int_person_links') }}
    where build_since = {{ build_since() }}

),

changed as (

    select conversation_key from {{ ref('int_conversations_answered') }}
    where build_since = {{ build_since() }}

    union

    select conversations.conversation_key
    from {{ ref('int_conversations_answered') }} as conversations
    inner join relinked on conversations.customer_key = relinked.customer_key

    union

    -- A ticket that became spam has no conversation any more.
    {{ changed_keys('tickets', 'ticket_id', 'ticket:') }}

),

final as (

    select messages.period_start
    from changed
    inner join {{ ref('int_messages_prepared') }} as messages
        on substring(changed.conversation_key, length('ticket:') + 1) = messages.ticket_key
    where changed.conversation_key like 'ticket:%'

    union

    select messages.period_start
    from changed
    inner join {{ ref('int_messages_threaded') }} as threads
        on substring(changed.conversation_key, length('social:') + 1) = threads.opening_key
    inner join {{ ref('int_messages_prepared') }} as messages
        on threads.message_key = messages.message_key
    where changed.conversation_key like 'social:%'

)

select * from final

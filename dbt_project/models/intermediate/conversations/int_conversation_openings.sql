with tickets as (

    select * from {{ ref('int_tickets') }}
    where not is_excluded

),

messages as (

    select * from {{ ref('int_messages_prepared') }}

),

threads as (

    select * from {{ ref('int_message_threads') }}

),

-- One number tells all conversations apart: a ticket's own, or the negative of the message that
-- opens a thread.
openings as (

    select
        ticket_number as conversation_number,
        'ticket:' || ticket_key as conversation_key,
        'ticket' as conversation_kind,
        customer_key,
        created_at as opened_at,
        channel,
        brand,
        is_opened_by_agent,
        false as is_public,
        kind as ticket_kind,
        coalesce(status in ('solved', 'closed'), false) as is_said_solved,
        cast(null as {{ dbt.type_string() }}) as opening_text_hash,
        campaign_key,
        source_name
    from tickets

    union all

    select
        -messages.message_number as conversation_number,
        'social:' || messages.message_key as conversation_key,
        'social' as conversation_kind,
        messages.customer_key,
        messages.sent_at as opened_at,
        messages.channel,
        messages.brand,
        false as is_opened_by_agent,
        true as is_public,
        cast(null as {{ dbt.type_string() }}) as ticket_kind,
        false as is_said_solved,
        messages.text_hash as opening_text_hash,
        messages.campaign_key,
        messages.source_name
    from threads
    inner join messages on threads.message_number = messages.message_number
    where threads.message_number = threads.opening_number

),

final as (

    select
        *,
        {{ local_date('opened_at') }} as opened_date
    from openings

)

select * from final

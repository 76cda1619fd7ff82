with tickets as (

    select * from {{ ref('int_tickets_unioned') }}

),

messages as (

    select * from {{ ref('int_messages_prepared') }}

),

threads as (

    select * from {{ ref('int_messages_threaded') }}

),

openings as (

    select
        'ticket:' || ticket_key as conversation_key,
        'ticket' as conversation_kind,
        customer_key,
        created_at as opened_at,
        channel,
        brand,
        topic,
        false as is_public,
        kind as ticket_kind,
        coalesce(status in ('solved', 'closed'), false) as is_said_solved,
        -- Some desks write 1970-01-01 for a date that is not set.
        case when solved_at >= created_at then solved_at end as solved_at,
        cast(null as text) as opening_text_hash,
        campaign_key,
        source_name,
        loaded_at
    from tickets

    union all

    select
        'social:' || messages.message_key as conversation_key,
        'social' as conversation_kind,
        messages.customer_key,
        messages.sent_at as opened_at,
        messages.channel,
        messages.brand,
        cast(null as text) as topic,
        true as is_public,
        cast(null as text) as ticket_kind,
        false as is_said_solved,
        cast(null as {{ type_instant() }}) as solved_at,
        messages.text_hash as opening_text_hash,
        messages.campaign_key,
        messages.source_name,
        messages.loaded_at
    from threads
    inner join messages on threads.message_key = messages.message_key
    where threads.message_key = threads.opening_key

),

dated as (

    select
        *,
        {{ local_date('opened_at') }} as opened_date
    from openings

),

final as (

    select
        *,
        {{ month_start('opened_date') }} as period_start
    from dated

)

select * from final

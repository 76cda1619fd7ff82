{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_conversations() }}",
    indexes=[
        {'columns': ['conversation_key'], 'unique': true},
        {'columns': ['customer_key']},
        {'columns': ['period_start']},
        {'columns': ['build_since']}
    ]
) }}

with openings as (

    select * from {{ ref('int_conversation_openings') }}
    {{ only_changed('conversation_key', changed_conversations()) }}

),

messages as (

    select * from {{ ref('int_ticket_messages') }}
    {{ only_changed('record_key', changed_tickets()) }}

    union all

    select * from {{ ref('int_thread_messages') }}
    {{ only_changed('record_key', changed_threads()) }}

),

events as (

    select
        'ticket:' || ticket_key as conversation_key,
        event_type,
        occurred_at
    from {{ ref('int_ticket_events_unioned') }}
    {{ only_changed('ticket_key', changed_tickets()) }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by conversation_key, is_by_customer order by sent_at, message_key
        ) as position_by_side,
        row_number() over (
            partition by conversation_key, case when brand is null then 0 else 1 end
            order by sent_at, message_key
        ) as position_by_brand
    from messages

),

-- Who answers knows which brand was asked, where the question doesn't say.
said as (

    select
        openings.conversation_key,
        min(
            case
                when ranked.is_reply and ranked.sent_at >= openings.opened_at then ranked.sent_at
            end
        ) as first_reply_at,
        max(
            case
                when ranked.is_by_customer and ranked.position_by_side = 1 then ranked.text_hash
            end
        ) as first_text_hash,
        max(case when ranked.position_by_brand = 1 then ranked.brand end) as first_brand
    from openings
    inner join ranked on openings.conversation_key = ranked.conversation_key
    group by openings.conversation_key

),

solves as (

    select
        openings.conversation_key,
        max(events.occurred_at) as solved_at
    from openings
    inner join events on openings.conversation_key = events.conversation_key
    where events.event_type = 'solved' and events.occurred_at >= openings.opened_at
    group by openings.conversation_key

),

final as (

    select
        openings.conversation_key,
        openings.conversation_kind,
        openings.customer_key,
        coalesce(openings.opening_text_hash, said.first_text_hash) as opening_text_hash,
        openings.opened_at,
        openings.opened_date,
        openings.period_start,
        openings.channel,
        coalesce(openings.brand, said.first_brand) as brand,
        openings.topic,
        openings.is_public,
        openings.ticket_kind,
        said.first_reply_at,
        coalesce(
            openings.solved_at,
            case when openings.is_said_solved then solves.solved_at end
        ) as solved_at,
        openings.is_said_solved,
        openings.campaign_key,
        openings.source_name,
        openings.loaded_at,
        {{ build_since() }} as build_since
    from openings
    left join said on openings.conversation_key = said.conversation_key
    left join solves on openings.conversation_key = solves.conversation_key

)

select * from final

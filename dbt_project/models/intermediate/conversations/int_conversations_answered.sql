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

first_words as (

    select
        conversation_key,
        text_hash,
        row_number() over (
            partition by conversation_key
            order by sent_at, message_key
        ) as position
    from messages
    where is_by_customer

),

-- Who answers knows which brand was asked, where the question doesn't say.
first_brands as (

    select
        conversation_key,
        brand,
        row_number() over (
            partition by conversation_key
            order by sent_at, message_key
        ) as position
    from messages
    where brand is not null

),

replies as (

    select
        openings.conversation_key,
        min(messages.sent_at) as first_reply_at
    from openings
    inner join messages on openings.conversation_key = messages.conversation_key
    where messages.is_reply and messages.sent_at >= openings.opened_at
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
        coalesce(openings.opening_text_hash, first_words.text_hash) as opening_text_hash,
        openings.opened_at,
        openings.opened_date,
        openings.period_start,
        openings.channel,
        coalesce(openings.brand, first_brands.brand) as brand,
        openings.topic,
        openings.is_public,
        openings.ticket_kind,
        replies.first_reply_at,
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
    left join replies on openings.conversation_key = replies.conversation_key
    left join solves on openings.conversation_key = solves.conversation_key
    left join first_brands
        on
            openings.conversation_key = first_brands.conversation_key
            and first_brands.position = 1
    left join first_words
        on
            openings.conversation_key = first_words.conversation_key
            and first_words.position = 1

)

select * from final

with messages as (

    select * from {{ ref('int_messages_prepared') }}

),

threads as (

    select * from {{ ref('int_message_threads') }}

),

parents as (

    select * from {{ ref('int_message_parents') }}

),

conversations as (

    select * from {{ ref('int_conversations_answered') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        messages.message_number,
        messages.message_key,
        conversations.conversation_key,
        links.person_number,
        messages.sent_at,
        messages.period_start,
        messages.direction,
        messages.ticket_number,
        messages.is_public,
        messages.is_by_customer,
        messages.is_to_customer,
        messages.is_reply,
        coalesce(parents.is_mention, false) as is_mention,
        threads.parent_number,
        threads.root_number,
        messages.channel,
        messages.brand,
        coalesce(messages.language, scores.language) as language,
        scores.sentiment,
        scores.label as sentiment_label,
        messages.campaign_key,
        messages.source_name,
        messages.message_id
    from messages
    left join threads on messages.message_number = threads.message_number
    left join parents on messages.message_number = parents.message_number
    left join conversations
        on
            coalesce(messages.ticket_number, -threads.opening_number)
            = conversations.conversation_number
    -- What a customer says in another one's thread is not the other one's, known or not.
    left join links
        on
            case
                when messages.is_by_customer and not messages.is_on_ticket
                    then messages.customer_key
                else coalesce(messages.customer_key, conversations.customer_key)
            end = links.customer_key
    left join {{ ref('int_text_scores_latest') }} as scores
        on messages.text_hash = scores.text_hash
    where
        (links.is_excluded is null or not links.is_excluded)
        and (messages.ticket_number is not null or not messages.is_on_ticket)

)

select * from final

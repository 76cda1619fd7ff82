with messages as (

    select * from {{ ref('int_messages_prepared') }}

),

threads as (

    select * from {{ ref('int_messages_threaded') }}

),

conversations as (

    select * from {{ ref('int_conversations_answered') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

scores as (

    select * from {{ ref('int_text_scores_latest') }}

),

tied as (

    select * from {{ ref('int_messages_tied') }}

),

final as (

    select
        messages.message_key,
        conversations.conversation_key,
        messages.ticket_key,
        links.person_id,
        messages.sent_at,
        messages.sent_date,
        messages.period_start,
        messages.direction,
        messages.is_public,
        messages.is_internal,
        coalesce(tied.can_open, false) as is_mention,
        messages.is_repost,
        messages.author_kind,
        messages.author_handle,
        messages.channel,
        messages.brand,
        coalesce(messages.language, scores.language) as language,
        scores.sentiment,
        scores.label as sentiment_label,
        messages.audience,
        messages.likes,
        messages.reposts,
        messages.replies,
        messages.campaign_key,
        messages.text_hash,
        messages.text,
        messages.loaded_at
    from messages
    left join threads on messages.message_key = threads.message_key
    left join conversations
        on
            coalesce('ticket:' || messages.ticket_key, 'social:' || threads.opening_key)
            = conversations.conversation_key
    -- What a customer says in another one's thread is not the other one's, known or not.
    left join links
        on
            case
                when messages.ticket_key is null and messages.is_by_customer
                    then messages.customer_key
                else coalesce(messages.customer_key, conversations.customer_key)
            end = links.customer_key
    left join scores on messages.text_hash = scores.text_hash
    left join tied on messages.message_key = tied.message_key
    where
        (links.is_excluded is null or not links.is_excluded)
        and (messages.ticket_key is null or conversations.conversation_key is not null)

)

select * from final

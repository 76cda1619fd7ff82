with conversations as (

    select * from {{ ref('int_conversations_timed') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

scores as (

    select * from {{ ref('int_text_scores_latest') }}

),

coverage as (

    select * from {{ ref('int_conversation_coverage') }}

),

final as (

    select
        conversations.conversation_number,
        conversations.conversation_key,
        conversations.conversation_kind,
        links.person_number,
        conversations.opened_at,
        conversations.opened_date,
        conversations.asked_at,
        {{ month_start('conversations.opened_date') }} as period_start,
        conversations.channel,
        conversations.brand,
        conversations.topic,
        conversations.team,
        conversations.priority,
        conversations.first_reply_due_at,
        conversations.solve_due_at,
        conversations.calendar_number,
        conversations.is_public,
        coalesce(
            conversations.ticket_kind = 'complaint', scores.label = 'negative', false
        ) as is_complaint,
        conversations.first_reply_at,
        conversations.solved_at,
        conversations.is_open,
        conversations.first_reply_minutes,
        conversations.first_reply_business_minutes,
        conversations.resolution_minutes,
        conversations.resolution_business_minutes,
        coalesce(coverage.has_answers, false) as is_answer_known,
        conversations.conversation_kind = 'ticket'
        and coalesce(coverage.has_solves, false)
        and (conversations.solved_at is not null or conversations.is_open) as is_solve_known,
        coalesce(coverage.has_reopenings, false) as is_reopening_known,
        coalesce(conversations.first_reply_minutes <= 1440, false) as replied_within_24h,
        conversations.campaign_key,
        conversations.source_name
    from conversations
    left join coverage
        on
            conversations.source_name = coverage.source_name
            and conversations.conversation_kind = coverage.conversation_kind
    left join links on conversations.customer_key = links.customer_key
    left join scores on conversations.opening_text_hash = scores.text_hash
    where links.is_excluded is null or not links.is_excluded

)

select * from final

with conversations as (

    select * from {{ ref('int_conversations') }}
    where {{ is_reported_month('period_start') }}

),

messages as (

    select * from {{ ref('int_messages') }}
    where is_by_customer and sentiment_label is not null

),

-- In a thread others speak, too: how it went for who opened it, only their own words tell.
said as (

    select
        conversations.conversation_number,
        messages.sentiment_label,
        row_number() over (
            partition by conversations.conversation_number
            order by messages.sent_at, messages.message_number
        ) as position,
        count(*) over (partition by conversations.conversation_number) as scored_count
    from conversations
    inner join messages on conversations.conversation_key = messages.conversation_key
    where
        messages.sent_at
        <= {{ dbt.dateadd('day', var('observation_days'), 'conversations.opened_at') }}
        and (
            conversations.conversation_kind = 'ticket'
            or messages.is_mention
            and (
                messages.person_number = conversations.person_number
                or messages.message_number = -conversations.conversation_number
            )
        )

),

final as (

    select
        conversation_number,
        scored_count,
        max(case when position = 1 then sentiment_label end) as first_label,
        max(case when position = scored_count then sentiment_label end) as last_label
    from said
    group by conversation_number, scored_count

)

select * from final

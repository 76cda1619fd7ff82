{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('experience_months_to_measure')) }}",
        indexes=[{"columns": ["message_key"], "unique": true}, {"columns": ["period_start"]}]
    )
}}

with messages as (
    select * from {{ ref("int_messages") }}
    where
        is_mention
        and {{ of_months(ref("experience_months_to_measure")) }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

final as (
    select
        messages.message_key,
        messages.conversation_key,
        messages.person_id,
        messages.author_handle,
        messages.sent_at,
        messages.period_start,
        coalesce(messages.channel, 'unknown') as channel,
        coalesce(messages.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        coalesce(messages.campaign_key, 'none') as campaign,
        coalesce(messages.language, 'unknown') as language,
        messages.sentiment,
        messages.sentiment_label,
        messages.audience,
        messages.likes,
        messages.reposts,
        messages.replies,
        messages.text,
        case when messages.sentiment_label is not null then 1 else 0 end as scored_count,
        case when messages.sentiment_label = 'positive' then 1 else 0 end as positive_count,
        case when messages.sentiment_label = 'negative' then 1 else 0 end as negative_count,
        case messages.sentiment_label when 'positive' then 1 when 'negative' then -1 else 0 end
            as sentiment_balance
    from messages
    left join persons
        on messages.person_id = persons.person_id
)

select * from final

with mentions as (

    select * from {{ ref('int_mentions') }}

),

messages as (

    select * from {{ ref('stg_messages') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        mentions.message_key,
        mentions.conversation_key,
        persons.person_id,
        mentions.sent_at,
        mentions.period_start,
        coalesce(mentions.channel, 'unknown') as channel,
        coalesce(mentions.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        coalesce(mentions.campaign_key, 'none') as campaign,
        coalesce(mentions.language, 'unknown') as language,
        mentions.sentiment,
        mentions.sentiment_label,
        messages.audience,
        messages.likes,
        messages.reposts,
        messages.replies,
        messages.text,
        case when mentions.sentiment_label is not null then 1 else 0 end as scored_count,
        case when mentions.sentiment_label = 'positive' then 1 else 0 end as positive_count,
        case when mentions.sentiment_label = 'negative' then 1 else 0 end as negative_count,
        case mentions.sentiment_label when 'positive' then 1 when 'negative' then -1 else 0 end
            as sentiment_balance
    from mentions
    inner join messages
        on
            mentions.source_name = messages.source_name
            and mentions.message_id = messages.message_id
    left join persons on mentions.person_number = persons.person_number

)

select * from final

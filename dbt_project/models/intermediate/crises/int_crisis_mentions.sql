with crises as (

    select * from {{ ref('int_crises') }}

),

mentions as (

    select * from {{ ref('int_mentions') }}
    where sentiment_label = 'negative'

),

messages as (

    select * from {{ ref('stg_messages') }}

),

final as (

    select
        crises.brand,
        crises.began_at,
        mentions.message_key,
        mentions.conversation_key,
        mentions.sent_at,
        messages.audience,
        row_number() over (
            partition by crises.brand, crises.began_at
            order by
                coalesce(messages.audience, 0) desc, mentions.sent_at asc, mentions.message_key asc
        ) as position
    from crises
    inner join mentions
        on
            crises.brand = coalesce(mentions.brand, 'unknown')
            and crises.began_at <= mentions.sent_at
            and (crises.ended_at is null or crises.ended_at > mentions.sent_at)
    inner join messages
        on
            mentions.source_name = messages.source_name
            and mentions.message_id = messages.message_id

)

select * from final

with crises as (

    select * from {{ ref('int_crises') }}

),

mentions as (

    select * from {{ ref('int_mentions_heard') }}
    where sentiment_label = 'negative'

),

final as (

    select
        crises.brand,
        crises.began_at,
        mentions.message_key,
        mentions.conversation_key,
        mentions.person_number,
        mentions.sent_at,
        mentions.audience,
        mentions.text,
        row_number() over (
            partition by crises.brand, crises.began_at
            order by
                coalesce(mentions.audience, 0) desc, mentions.sent_at asc, mentions.message_key asc
        ) as position
    from crises
    inner join mentions
        on
            crises.brand = coalesce(mentions.brand, 'unknown')
            and crises.began_at <= mentions.sent_at
            and (crises.ended_at is null or crises.ended_at > mentions.sent_at)

)

select * from final

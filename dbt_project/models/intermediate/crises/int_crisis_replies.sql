-- An answer to one of a crisis' mentions, however late; one to what was said before it is none.
with mentions as (

    select * from {{ ref('int_crisis_mentions') }}

),

replies as (

    select * from {{ ref('int_messages') }}
    where is_reply and is_public

),

final as (

    select
        mentions.brand,
        mentions.began_at,
        min(replies.sent_at) as first_reply_at
    from mentions
    inner join replies
        on
            mentions.conversation_key = replies.conversation_key
            and mentions.sent_at <= replies.sent_at
    group by mentions.brand, mentions.began_at

)

select * from final

-- Two clocks may differ by some minutes: the answer that comes with a solve is dated after it.
with rounds as (

    select * from {{ ref('int_ticket_rounds') }}
    where solved_at is not null

),

conversations as (

    select * from {{ ref('int_conversations') }}
    where is_answer_known and asked_at is not null

),

replies as (

    select * from {{ ref('int_conversation_messages') }}
    where is_reply

),

final as (

    select
        rounds.ticket_number,
        rounds.round_number,
        count(replies.message_number) as reply_count
    from rounds
    inner join conversations on rounds.ticket_number = conversations.conversation_number
    left join replies
        on
            rounds.ticket_number = replies.conversation_number
            and (
                conversations.asked_at < replies.sent_at
                or conversations.asked_at = conversations.opened_at
                and {{ no_earlier_than('conversations.asked_at', 'replies.sent_at') }} is not null
            )
            and {{ no_earlier_than('replies.sent_at', 'rounds.solved_at') }} is not null
    group by rounds.ticket_number, rounds.round_number

)

select * from final

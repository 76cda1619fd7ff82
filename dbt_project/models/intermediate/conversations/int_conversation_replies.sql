with openings as (

    select * from {{ ref('int_conversation_openings') }}

),

messages as (

    select
        *,
        min(case when is_by_customer then sent_at end) over conversation as first_word_at,
        min(case when is_reply then sent_at end) over conversation as first_answer_at,
        row_number() over (
            partition by conversation_number, is_by_customer order by sent_at, message_number
        ) as position_by_side,
        row_number() over (
            partition by conversation_number, case when brand is null then 0 else 1 end
            order by sent_at, message_number
        ) as position_by_brand
    from {{ ref('int_conversation_messages') }}
    window conversation as (partition by conversation_number)

),

-- What an agent writes in the second in which a ticket begins is no answer: the agent opened it.
asked as (

    select
        messages.*,
        openings.opened_at,
        case
            when
                openings.conversation_kind = 'social'
                or not openings.is_opened_by_agent
                and (
                    messages.first_answer_at is null
                    or messages.first_word_at <= messages.first_answer_at
                    or messages.first_answer_at
                    >= {{ dbt.dateadd('second', 1, 'openings.opened_at') }}
                )
                then openings.opened_at
            when messages.first_word_at is not null
                then greatest(messages.first_word_at, openings.opened_at)
            when messages.first_answer_at < openings.opened_at then openings.opened_at
        end as asked_at
    from openings
    inner join messages on openings.conversation_number = messages.conversation_number

),

-- Who answers knows which brand was asked, where the question doesn't say.
final as (

    select
        conversation_number,
        max(asked_at) as asked_at,
        min(
            case
                when asked_at = opened_at then {{ no_earlier_than('asked_at', 'sent_at') }}
                when sent_at > asked_at then sent_at
            end
        ) filter (where is_reply) as first_reply_at,
        max(text_hash) filter (where is_by_customer and position_by_side = 1) as first_text_hash,
        max(brand) filter (where position_by_brand = 1) as first_brand
    from asked
    group by conversation_number

)

select * from final

with openings as (

    select * from {{ ref('int_conversation_openings') }}

),

messages as (

    select
        *,
        row_number() over (
            partition by conversation_number, is_by_customer order by sent_at, message_number
        ) as position_by_side,
        row_number() over (
            partition by conversation_number, case when brand is null then 0 else 1 end
            order by sent_at, message_number
        ) as position_by_brand
    from {{ ref('int_conversation_messages') }}

),

-- Who answers knows which brand was asked, where the question doesn't say.
firsts as (

    select
        openings.conversation_number,
        min(messages.sent_at) filter (
            where messages.is_reply and messages.sent_at >= openings.opened_at
        ) as first_reply_at,
        max(messages.text_hash) filter (
            where messages.is_by_customer and messages.position_by_side = 1
        ) as first_text_hash,
        max(messages.brand) filter (where messages.position_by_brand = 1) as first_brand
    from openings
    inner join messages on openings.conversation_number = messages.conversation_number
    group by openings.conversation_number

),

solves as (

    select * from {{ ref('int_ticket_solves') }}

),

final as (

    select
        openings.conversation_number,
        openings.conversation_key,
        openings.conversation_kind,
        openings.customer_key,
        coalesce(openings.opening_text_hash, firsts.first_text_hash) as opening_text_hash,
        openings.opened_at,
        openings.opened_date,
        openings.channel,
        coalesce(openings.brand, firsts.first_brand) as brand,
        openings.topic,
        openings.is_public,
        openings.ticket_kind,
        firsts.first_reply_at,
        coalesce(
            openings.solved_at, case when openings.is_said_solved then solves.solved_at end
        ) as solved_at,
        openings.is_said_solved,
        openings.campaign_key,
        openings.source_name
    from openings
    left join firsts on openings.conversation_number = firsts.conversation_number
    left join solves on openings.conversation_number = solves.ticket_number

)

select * from final

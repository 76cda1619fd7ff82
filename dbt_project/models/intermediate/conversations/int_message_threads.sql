-- Descending from roots visits each message once, and never one in a circle of replies.
with recursive messages as (

    select * from {{ ref('int_message_parents') }}

),

roots as (

    select messages.*
    from messages
    left join messages as parents on messages.parent_number = parents.message_number
    where parents.message_number is null

),

walked as (

    select
        message_number,
        parent_number,
        message_number as root_number,
        case when is_mention then message_number end as opening_number
    from roots

    union all

    select
        messages.message_number,
        messages.parent_number,
        walked.root_number,
        coalesce(
            walked.opening_number, case when messages.is_mention then messages.message_number end
        ) as opening_number
    from walked
    inner join messages on walked.message_number = messages.parent_number

),

final as (

    select * from walked

)

select * from final

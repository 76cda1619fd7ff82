with messages as (

    select * from {{ ref('int_messages_prepared') }}
    where not is_on_ticket

),

company as (

    select * from {{ ref('int_company_handles') }}

),

followed as (

    select
        messages.*,
        answered.message_number as answered_number,
        answered.sent_at as answered_at,
        lag(messages.message_number) over (
            partition by
                messages.thread_key,
                case when messages.thread_key is null then messages.message_number end
            order by messages.sent_at, messages.message_number
        ) as previous_number
    from messages
    left join messages as answered on messages.in_reply_to_key = answered.message_key

),

-- A source may know the thread but not the message that is answered, or not hold that one: what
-- was said in the thread before is taken for it. Looking back only, no thread is a circle.
final as (

    select
        followed.message_number,
        case
            when followed.thread_key is null or followed.answered_at <= followed.sent_at
                then followed.answered_number
            else followed.previous_number
        end as parent_number,
        followed.direction = 'outbound' or company.author_handle is not null as is_by_company,
        followed.is_by_customer
        and followed.is_public
        and not followed.is_repost
        and company.author_handle is null as is_mention
    from followed
    left join company
        on
            followed.author_handle = company.author_handle
            and lower(followed.channel) = company.channel

)

select * from final

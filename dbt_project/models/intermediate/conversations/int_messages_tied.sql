{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ drop_untied_messages() }}",
    indexes=[
        {'columns': ['message_key'], 'unique': true},
        {'columns': ['named_parent_key']},
        {'columns': ['parent_key']},
        {'columns': ['thread_key']},
        {'columns': ['build_since']}
    ]
) }}

with messages as (

    select * from {{ ref('int_messages_prepared') }}
    where ticket_key is null {{ not_yet_tied() }}

),

named as (

    select
        message_key,
        sent_at
    from {{ ref('int_messages_prepared') }}
    where ticket_key is null

),

company as (

    select * from {{ ref('int_company_handles') }}

),

followed as (

    select
        messages.*,
        named.message_key as answered_key,
        named.sent_at as answered_at,
        lag(messages.message_key) over (
            partition by
                messages.thread_key,
                case when messages.thread_key is null then messages.message_key end
            order by messages.sent_at, messages.message_key
        ) as previous_key
    from messages
    left join named on messages.parent_key = named.message_key

),

-- A source may know the thread but not the message that is answered, or not hold that one: what
-- was said in the thread before is taken for it. Looking back only, no thread is a circle.
final as (

    select
        followed.message_key,
        followed.thread_key,
        followed.parent_key as named_parent_key,
        case
            when followed.thread_key is null or followed.answered_at <= followed.sent_at
                then followed.answered_key
            else followed.previous_key
        end as parent_key,
        followed.direction = 'outbound' or company.author_handle is not null as is_by_company,
        followed.is_by_customer
        and followed.is_public
        and not followed.is_repost
        and company.author_handle is null as can_open,
        {{ build_since() }} as build_since
    from followed
    left join company
        on
            followed.author_handle = company.author_handle
            and lower(followed.channel) = company.channel

)

select * from final

-- On a network an answer may be about a campaign; on a ticket a campaign's message answers nothing.
with messages as (

    select
        *,
        {{ global_key('message_id') }} as message_key,
        {{ global_key('ticket_id', of='tickets') }} as ticket_key,
        {{ global_key('author_id', of='customers') }} as author_key,
        {{ normalised_handle('author_handle') }} as handle,
        {{ local_date('sent_at') }} as sent_date,
        direction = 'inbound' and coalesce(author_kind, 'customer') = 'customer'
            as is_by_customer,
        direction = 'outbound'
        and not coalesce(is_internal, false)
        and coalesce(author_kind, 'agent') <> 'bot' as is_to_customer
    from {{ ref('stg_messages') }}
    where not coalesce(is_spam, false)

),

tickets as (

    select * from {{ ref('int_tickets') }}
    where not is_excluded

),

campaigns as (

    select * from {{ ref('int_campaign_keys') }}

),

final as (

    select
        row_number() over (order by messages.message_key) as message_number,
        messages.message_key,
        tickets.ticket_number,
        messages.ticket_key is not null as is_on_ticket,
        nullif({{ global_key('in_reply_to_id', 'messages') }}, messages.message_key)
            as in_reply_to_key,
        {{ global_key('conversation_id', 'messages') }} as thread_key,
        case
            when messages.is_by_customer
                then coalesce(
                    messages.author_key,
                    'handle:' || lower(messages.channel) || ':' || messages.handle
                )
        end as customer_key,
        messages.is_by_customer,
        messages.sent_at,
        {{ month_start('messages.sent_date') }} as period_start,
        messages.direction,
        messages.is_public,
        messages.is_to_customer,
        messages.is_to_customer
        and not (tickets.ticket_number is not null and campaigns.campaign_key is not null)
            as is_reply,
        messages.repost_of_id is not null as is_repost,
        messages.handle as author_handle,
        messages.channel,
        messages.brand,
        messages.language,
        campaigns.campaign_key,
        messages.text_hash,
        messages.source_name,
        messages.message_id
    from messages
    left join tickets on messages.ticket_key = tickets.ticket_key
    left join campaigns
        on
            messages.source_name = campaigns.source_name
            and messages.campaign_id = campaigns.campaign_id

)

select * from final

with messages as (

    select
        *,
        row_number() over (
            partition by ticket_number, is_by_customer
            order by sent_at, message_number
        ) as position
    from {{ ref('int_messages') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}

),

-- A ticket is the customer's first word on it: that word is no touch of its own.
written as (

    select
        messages.*,
        tickets.ticket_key,
        case
            when messages.is_by_customer and tickets.ticket_key is null then 'mention'
            when messages.is_by_customer then 'customer_message'
            when not messages.is_reply then 'campaign_message'
            when tickets.ticket_key is null then 'reply'
            else 'agent_message'
        end as kind
    from messages
    left join tickets on messages.ticket_number = tickets.ticket_number
    where
        messages.is_to_customer
        or (
            messages.is_by_customer
            and (
                messages.is_mention
                or messages.ticket_number is not null
                and (messages.position > 1 or coalesce(tickets.is_opened_by_agent, false))
            )
        )

),

final as (

    select
        message_key as touch_key,
        person_number,
        sent_at as touched_at,
        kind,
        case
            when kind in ('reply', 'agent_message') then 'service'
            when kind = 'campaign_message' then 'marketing'
        end as department,
        case
            when kind in ('reply', 'agent_message') then 'assist'
            when kind = 'campaign_message' then 'outbound'
            else 'contact'
        end as role,
        coalesce(channel, 'unknown') as channel,
        is_public,
        coalesce(campaign_key, 'none') as campaign,
        ticket_key,
        source_name
    from written
    where person_number is not null

)

select * from final

with sends as (

    select * from {{ ref('int_sends') }}

),

conversations as (

    select * from {{ ref('int_conversations') }}

),

messages as (

    select * from {{ ref('int_messages') }}

),

final as (

    select
        'send:' || touch_key as touch_key,
        person_id,
        sent_at as touched_at,
        period_start,
        'marketing' as department,
        'outbound' as direction,
        'send' as touch_kind,
        channel,
        brand,
        campaign_key,
        cast(null as text) as conversation_key,
        false as is_public
    from sends

    union all

    select
        'contact:' || conversation_key as touch_key,
        person_id,
        opened_at as touched_at,
        period_start,
        'service' as department,
        'inbound' as direction,
        'contact' as touch_kind,
        channel,
        brand,
        campaign_key,
        conversation_key,
        false as is_public
    from conversations
    where conversation_kind = 'ticket'

    union all

    select
        case direction when 'inbound' then 'mention:' else 'reply:' end || message_key
            as touch_key,
        person_id,
        sent_at as touched_at,
        period_start,
        case when ticket_key is null then 'community' else 'service' end as department,
        direction,
        case direction when 'inbound' then 'mention' else 'reply' end as touch_kind,
        channel,
        brand,
        campaign_key,
        conversation_key,
        is_public and ticket_key is null as is_public
    from messages
    where
        is_mention
        or (direction = 'outbound' and conversation_key is not null and not is_internal)

)

select * from final

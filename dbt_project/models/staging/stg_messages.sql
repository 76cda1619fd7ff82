{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'messages') }}

),

final as (

    select
        message_id,
        ticket_id,
        conversation_id,
        in_reply_to_id,
        repost_of_id,
        sent_at,
        direction,
        author_kind,
        author_id,
        author_handle,
        channel,
        is_public,
        is_internal,
        brand,
        language,
        text,
        audience,
        likes,
        reposts,
        replies,
        impressions,
        is_spam,
        campaign_id,
        text_hash,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

with staged as (

    {{ union_staging('messages') }}

),

final as (

    select
        {{ global_key('message_id') }} as message_key,
        {{ global_key('ticket_id') }} as ticket_key,
        {{ global_key('conversation_id') }} as thread_key,
        {{ global_key('in_reply_to_id') }} as in_reply_to_key,
        {{ global_key('repost_of_id') }} as repost_of_key,
        sent_at,
        direction,
        author_kind,
        {{ global_key('author_id') }} as author_key,
        {{ normalised_handle('author_handle') }} as author_handle,
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
        {{ global_key('campaign_id') }} as campaign_key,
        source_name,
        loaded_at
    from staged
    where not coalesce(is_spam, false)

)

select * from final

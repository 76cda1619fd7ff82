with source as (

    select * from {{ source('raw_mastodon', 'statuses') }}

),

languages as (

    select
        *,
        {{ dbt.split_part('lower(language)', "'-'", 1) }} as main_language
    from source

),

final as (

    select
        status_id as message_id,
        cast(null as {{ dbt.type_string() }}) as ticket_id,
        cast(null as {{ dbt.type_string() }}) as conversation_id,
        in_reply_to_id,
        reblog_of_id as repost_of_id,
        created_at as sent_at,
        case when author_of is null then 'inbound' else 'outbound' end as direction,
        case
            when author_of is not null then 'brand'
            when account_is_bot then 'bot'
            else 'customer'
        end as author_kind,
        cast(null as {{ dbt.type_string() }}) as author_id,
        lower(account_acct) as author_handle,
        'mastodon' as channel,
        coalesce(visibility in ('public', 'unlisted'), false) as is_public,
        false as is_internal,
        brand,
        case when length(main_language) = 2 then main_language end as language,
        -- A content warning is part of what the reader sees.
        case
            when spoiler_text <> '' then spoiler_text || ' ' || coalesce(content_text, '')
            else content_text
        end as text,
        case when account_followers_count >= 0 then account_followers_count end as audience,
        case when favourites_count >= 0 then favourites_count end as likes,
        case when reblogs_count >= 0 then reblogs_count end as reposts,
        case when replies_count >= 0 then replies_count end as replies,
        cast(null as boolean) as is_spam,
        campaign_id,
        source_name,
        loaded_at
    from languages

)

select * from final

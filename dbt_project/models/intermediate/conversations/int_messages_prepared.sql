{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget(\"'social'\", 'message_key', changed_keys('messages', 'message_id')) }}",
    indexes=[
        {'columns': ['message_key'], 'unique': true},
        {'columns': ['ticket_key']},
        {'columns': ['parent_key']},
        {'columns': ['thread_key']},
        {'columns': ['customer_key']},
        {'columns': ['text_hash']},
        {'columns': ['period_start']},
        {'columns': ['loaded_at']}
    ]
) }}

with messages as (

    select
        *,
        {{ local_date('sent_at') }} as sent_date,
        direction = 'inbound' and coalesce(author_kind, 'customer') = 'customer'
            as is_by_customer
    from {{ ref('int_messages_unioned') }}
    {{ only_loaded() }}

),

final as (

    select
        message_key,
        ticket_key,
        nullif(in_reply_to_key, message_key) as parent_key,
        thread_key,
        case
            when is_by_customer
                then coalesce(author_key, 'handle:' || lower(channel) || ':' || author_handle)
        end as customer_key,
        is_by_customer,
        sent_at,
        sent_date,
        {{ month_start('sent_date') }} as period_start,
        direction,
        is_public,
        coalesce(is_internal, false) as is_internal,
        repost_of_key is not null as is_repost,
        author_kind,
        author_handle,
        channel,
        brand,
        language,
        audience,
        likes,
        reposts,
        replies,
        campaign_key,
        case when trim(text) <> '' then {{ dbt.hash('text') }} end as text_hash,
        text,
        source_name,
        loaded_at
    from messages

)

select * from final

with accounts as (

    select * from {{ ref('int_social_accounts_unioned') }}

),

messages as (

    select * from {{ ref('int_messages_prepared') }}

),

final as (

    select
        lower(network) as channel,
        handle as author_handle
    from accounts
    where is_brand

    union

    -- Without a channel nobody knows of which network a handle is.
    select
        lower(channel) as channel,
        author_handle
    from messages
    where direction = 'outbound' and author_handle is not null and channel is not null

)

select * from final

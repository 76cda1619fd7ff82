with accounts as (

    select * from {{ ref('int_social_accounts_unioned') }}

),

agents as (

    select * from {{ ref('int_agents_unioned') }}
    where handle is not null

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

    -- Without a channel nobody knows of which network a handle is. Of an agent's handle no source
    -- says it: the agent is taken to have it wherever somebody writes under it.
    select
        lower(channel) as channel,
        author_handle
    from messages
    where
        (direction = 'outbound' or author_handle in (select handle from agents))
        and author_handle is not null
        and channel is not null

)

select * from final

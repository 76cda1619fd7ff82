with accounts as (

    select
        lower(network) as channel,
        {{ normalised_handle('handle') }} as author_handle
    from {{ ref('stg_social_accounts') }}
    where is_brand

),

agents as (

    select {{ normalised_handle('handle') }} as author_handle
    from {{ ref('stg_agents') }}
    where handle is not null

),

-- Without a channel nobody knows of which network a handle is. Of an agent's handle no source
-- says it: the agent is taken to have it wherever somebody writes under it.
writing as (

    select
        lower(channel) as channel,
        author_handle
    from {{ ref('int_messages_prepared') }}
    where
        author_handle is not null
        and channel is not null
        and (
            direction = 'outbound'
            or author_handle in (select author_handle from agents)
        )

),

final as (

    select * from accounts

    union

    select * from writing

)

select * from final

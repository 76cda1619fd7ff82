{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_company_handles() }}",
    indexes=[{'columns': ['channel', 'author_handle'], 'unique': true}]
) }}

with accounts as (

    select * from {{ ref('int_social_accounts_unioned') }}

),

messages as (

    select * from {{ ref('int_messages_prepared') }}

),

handles as (

    select
        lower(network) as channel,
        handle as author_handle
    from accounts
    where is_brand

    union

    select
        lower(channel) as channel,
        author_handle
    from messages
    where direction = 'outbound' and author_handle is not null and channel is not null

),

final as (

    select
        *,
        {{ build_since() }} as build_since
    from handles

)

select * from final
{% if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as stored
        where final.channel = stored.channel and final.author_handle = stored.author_handle
    )
{% endif %}

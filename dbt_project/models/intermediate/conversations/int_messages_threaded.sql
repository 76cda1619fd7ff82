{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='message_key',
    post_hook="{{ drop_vanished_messages() }}",
    indexes=[
        {'columns': ['message_key'], 'unique': true},
        {'columns': ['parent_key']},
        {'columns': ['root_key']},
        {'columns': ['opening_key']},
        {'columns': ['build_since']}
    ]
) }}

-- Descending from roots visits each message once, and never one in a circle of replies.
with recursive roots as (

    select messages.*
    from {{ ref('int_messages_tied') }} as messages
    left join {{ ref('int_messages_tied') }} as parents
        on messages.parent_key = parents.message_key
    where parents.message_key is null {{ in_changed_threads('messages.message_key') }}

),

walked as (

    select
        message_key,
        parent_key,
        message_key as root_key,
        case when can_open then message_key end as opening_key
    from roots

    union all

    select
        messages.message_key,
        messages.parent_key,
        walked.root_key,
        coalesce(
            walked.opening_key, case when messages.can_open then messages.message_key end
        ) as opening_key
    from walked
    inner join {{ ref('int_messages_tied') }} as messages
        on walked.message_key = messages.parent_key

),

final as (

    select
        message_key,
        parent_key,
        root_key,
        opening_key,
        {{ build_since() }} as build_since
    from walked

)

select * from final

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
with recursive messages as (

    select
        message_key,
        thread_key,
        parent_key,
        sent_at,
        is_by_customer and is_public and not is_repost as can_open
    from {{ ref('int_messages_prepared') }}
    where ticket_key is null {{ in_changed_threads() }}

),

-- A source may know the thread but not the message that is answered.
tied as (

    select
        message_key,
        can_open,
        coalesce(
            parent_key,
            nullif(
                first_value(message_key) over (
                    partition by
                        thread_key,
                        case when thread_key is null then message_key end
                    order by sent_at, message_key
                ),
                message_key
            )
        ) as parent_key
    from messages

),

walked as (

    select
        tied.message_key,
        tied.parent_key,
        tied.message_key as root_key,
        case when tied.can_open then tied.message_key end as opening_key
    from tied
    left join tied as parents on tied.parent_key = parents.message_key
    where parents.message_key is null

    union all

    select
        tied.message_key,
        tied.parent_key,
        walked.root_key,
        coalesce(walked.opening_key, case when tied.can_open then tied.message_key end)
            as opening_key
    from walked
    inner join tied on walked.message_key = tied.parent_key

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

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ drop_untied_messages() }}",
    indexes=[
        {'columns': ['message_key'], 'unique': true},
        {'columns': ['parent_key']},
        {'columns': ['thread_key']},
        {'columns': ['build_since']}
    ]
) }}

with messages as (

    select * from {{ ref('int_messages_prepared') }}
    where ticket_key is null {{ not_yet_tied() }}

),

-- A source may know the thread but not the message that is answered.
final as (

    select
        message_key,
        thread_key,
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
        ) as parent_key,
        is_by_customer and is_public and not is_repost as can_open,
        {{ build_since() }} as build_since
    from messages

)

select * from final

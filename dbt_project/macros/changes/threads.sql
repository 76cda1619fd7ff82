{#-
    Keep, in an incremental build, the messages of every thread that a changed one may alter:
    its own, that of the message it answers, those of its answers, and the source's thread.
-#}
{%- macro in_changed_threads() -%}
    {%- set changed = changed_keys("messages", "message_id") -%}
    {%- if is_incremental() %}
    and message_key in (
        with changed as (
            {{ changed }}
        ),

        changed_messages as (
            select * from {{ ref("int_messages_prepared") }}
            where message_key in (select * from changed)
        ),

        roots as (
            select root_key from {{ this }}
            where
                message_key in (select * from changed)
                or parent_key in (select * from changed)
                or message_key in (select parent_key from changed_messages)
                or message_key in (
                    select mates.message_key
                    from {{ ref("int_messages_prepared") }} as mates
                    inner join changed_messages on mates.thread_key = changed_messages.thread_key
                )
        )

        select message_key from {{ this }}
        where root_key in (select root_key from roots)
        union
        select message_key from changed_messages
    )
    {%- endif -%}
{%- endmacro -%}

{#- Drop messages that are spam or a ticket's by now. -#}
{%- macro drop_vanished_messages() -%}
    {%- set changed = changed_keys("messages", "message_id") -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        message_key in (
            {{ changed }}
        )
        and message_key not in (
            select message_key from {{ ref("int_messages_prepared") }}
            where ticket_key is null
        )
    {%- endif -%}
{%- endmacro -%}

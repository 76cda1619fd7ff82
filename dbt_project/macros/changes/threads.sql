{#-
    The threads that an incremental build of int_messages_threaded cuts anew: the whole trees of
    the messages that were tied anew, and of those that they answer.
-#}

{#- Keep, in an incremental build, roots above messages that were tied anew or lost one. -#}
{%- macro in_changed_threads(key) -%}
    {%- set changed = changed_keys("messages", "message_id") -%}
    {%- set tied = ref("int_messages_tied") -%}
    {%- if is_incremental() %}
    and {{ key }} in (
        select message_key from {{ tied }}
        where build_since = {{ build_since() }}
        union
        select stored.message_key
        from {{ this }} as stored
        where stored.root_key in (
            select root_key from {{ this }}
            where
                message_key in (
                    {{ changed }}
                )
                or message_key in (
                    select message_key from {{ tied }} where build_since = {{ build_since() }}
                )
                or message_key in (
                    select parent_key from {{ tied }} where build_since = {{ build_since() }}
                )
        )
    )
    {%- endif -%}
{%- endmacro -%}

{#- Drop messages that are spam or a ticket's by now. -#}
{%- macro drop_vanished_messages() -%}
    {%- set tied = ref("int_messages_tied") -%}
    {%- set changed = changed_keys("messages", "message_id") -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        message_key in (
            {{ changed }}
        )
        and message_key not in (select message_key from {{ tied }})
    {%- endif -%}
{%- endmacro -%}

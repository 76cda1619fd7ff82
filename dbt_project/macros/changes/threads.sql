{#-
    The messages whose place in a thread an incremental build finds anew.

    int_messages_tied: the changed messages, the answers to them, and their mates in the
    source's threads, of which another one may be the first now. int_messages_threaded: the
    whole trees of those, and of the messages that they answer.
-#}

{#- Whether a message of int_messages_tied is tied anew. -#}
{%- macro drop_untied_messages() -%}
    {%- set changed = changed_keys("messages", "message_id") -%}
    {%- set prepared = ref("int_messages_prepared") -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        message_key in (
            {{ changed }}
        )
        or parent_key in (
            {{ changed }}
        )
        or thread_key in (
            select thread_key from {{ prepared }}
            where message_key in (
                {{ changed }}
            )
            union
            select thread_key from {{ this }}
            where message_key in (
                {{ changed }}
            )
        )
    {%- endif -%}
{%- endmacro -%}

{#- Keep, after drop_untied_messages, the messages that it dropped and those that are new. -#}
{%- macro not_yet_tied() -%}
    {%- if is_incremental() %}
    and message_key not in (select message_key from {{ this }})
    {%- endif -%}
{%- endmacro -%}

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

{#-
    The messages that an incremental build of int_messages_tied ties anew: the changed ones, the
    answers to them, and their mates in the source's threads, which may follow another one now.
-#}

{#- Drop the messages that are tied anew, and all others of their threads. -#}
{%- macro drop_untied_messages() -%}
    {%- set anew = messages_to_tie() -%}
    {%- set prepared = ref("int_messages_prepared") -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        message_key in (
            {{ anew }}
        )
        or thread_key in (
            select thread_key from {{ prepared }}
            where message_key in (
                {{ anew }}
            )
            union
            select thread_key from {{ this }}
            where message_key in (
                {{ anew }}
            )
        )
    {%- endif -%}
{%- endmacro -%}

{#-
    Query of the messages that changed, of the answers to them, and of those whose author has
    become the company, or is it no longer.
-#}
{%- macro messages_to_tie() -%}
    {%- set changed = changed_keys("messages", "message_id") -%}
    {%- set company = ref("int_company_handles") -%}
    {{ changed }}
    union all
    select message_key from {{ this }}
    where named_parent_key in (
        {{ changed }}
    )
    union all
    select messages.message_key
    from {{ ref("int_messages_prepared") }} as messages
    inner join {{ company }} as company
        on
            messages.author_handle = company.author_handle
            and lower(messages.channel) = company.channel
    where company.build_since = {{ build_since() }}
    union all
    select tied.message_key
    from {{ this }} as tied
    inner join {{ ref("int_messages_prepared") }} as messages
        on tied.message_key = messages.message_key
    left join {{ company }} as company
        on
            messages.author_handle = company.author_handle
            and lower(messages.channel) = company.channel
    where
        tied.is_by_company
        and messages.direction <> 'outbound'
        and company.author_handle is null
{%- endmacro -%}

{#- Keep, after drop_untied_messages, the messages that it dropped and those that are new. -#}
{%- macro not_yet_tied() -%}
    {%- if is_incremental() %}
    and message_key not in (select message_key from {{ this }})
    {%- endif -%}
{%- endmacro -%}

{#-
    What an incremental build is: one with the variable changed_since.

    Rows loaded after that instant are new. Without it every model is built anew, so the
    variable and never a flag decides. A build that was killed runs again with the same
    variable and ends the same.
-#}

{#- Replaces dbt's own: every incremental model is built anew unless changed_since is set. -#}
{%- macro should_full_refresh() -%}
    {{ return(flags.FULL_REFRESH or var("changed_since") is none) }}
{%- endmacro -%}

{#- The instant after which rows are new; null in a full build. -#}
{%- macro build_since() -%}
    {%- if var("changed_since") is none -%} cast(null as {{ type_instant() }})
    {%- else -%} {{ instant(var("changed_since")) }}
    {%- endif -%}
{%- endmacro -%}

{#- What the clock said at the build before, or as late as it can have been. -#}
{%- macro last_clock() -%}
    {%- if var("built_as_of") is none -%} least({{ as_of() }}, {{ build_since() }})
    {%- else -%} {{ instant(var("built_as_of")) }}
    {%- endif -%}
{%- endmacro -%}

{#- Keep, in an incremental build, the rows whose key the query lists. -#}
{%- macro only_changed(key, keys) -%}
    {%- if is_incremental() %}
    where {{ key }} in (
        {{ keys }}
    )
    {%- endif -%}
{%- endmacro -%}

{#- As only_changed, where the rows themselves are all that can change: an index finds them. -#}
{%- macro only_loaded() -%}
    {%- if is_incremental() %}
    where loaded_at > {{ build_since() }}
    {%- endif -%}
{%- endmacro -%}

{#-
    Drop, before an incremental build, the rows whose key the query lists, and remember their
    months. The model then appends what they have become, in the same transaction.
-#}
{%- macro forget(area, key, keys) -%}
    {%- set ledger = source("bookkeeping", "touched_months") -%}
    {%- if is_incremental() -%}
    insert into {{ ledger }} (area, period_start, build_since)
    select distinct
        {{ area }},
        period_start,
        {{ build_since() }}
    from {{ this }}
    where {{ key }} in (
        {{ keys }}
    );
    {{ drop_changed(key, keys) }}
    {%- endif -%}
{%- endmacro -%}

{#- As forget, where no month hangs on the rows. -#}
{%- macro drop_changed(key, keys) -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where {{ key }} in (
        {{ keys }}
    )
    {%- endif -%}
{%- endmacro -%}

{#- As forget, for conversations. -#}
{%- macro forget_conversations() -%}
    {{ forget(area_of_conversations(), "conversation_key", changed_conversations()) }}
{%- endmacro -%}

{#- Tickets and social threads are areas of their own. -#}
{%- macro area_of_conversations() -%}
    case conversation_kind when 'ticket' then 'service' else 'social' end
{%- endmacro -%}

{#- Drop, before an incremental build, the links of records that nothing names any more. -#}
{%- macro forget_vanished_records() -%}
    {%- set records = ref("int_person_records") -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where customer_key not in (select customer_key from {{ records }})
    {%- endif -%}
{%- endmacro -%}

{#-
    Drop, before an incremental build, the handles under which the company writes no longer, and
    remember the months of their messages: these are anybody's again.
-#}
{%- macro forget_company_handles() -%}
    {%- set used = ref("int_company_handles_used") -%}
    {%- set messages = ref("int_messages_prepared") -%}
    {%- set ledger = source("bookkeeping", "touched_months") -%}
    {%- set is_gone -%}
        (stored.channel, stored.author_handle) not in (select channel, author_handle from {{ used }})
    {%- endset -%}
    {%- if is_incremental() -%}
    insert into {{ ledger }} (area, period_start, build_since)
    select distinct
        'social',
        messages.period_start,
        {{ build_since() }}
    from {{ this }} as stored
    inner join {{ messages }} as messages
        on
            stored.author_handle = messages.author_handle
            and stored.channel = lower(messages.channel)
    where {{ is_gone }};
    delete from {{ this }} as stored
    where {{ is_gone }}
    {%- endif -%}
{%- endmacro -%}

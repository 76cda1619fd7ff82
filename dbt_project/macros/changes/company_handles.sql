{#-
    Drop, before an incremental build, the handles under which the company writes no longer, and
    remember the months of their messages: these are anybody's again.
-#}
{%- macro forget_company_handles() -%}
    {%- set accounts = ref("int_social_accounts_unioned") -%}
    {%- set messages = ref("int_messages_prepared") -%}
    {%- set ledger = source("bookkeeping", "touched_months") -%}
    {%- set is_gone -%}
        not exists (
            select 1 from {{ accounts }} as accounts
            where
                accounts.is_brand
                and lower(accounts.network) = stored.channel
                and accounts.handle = stored.author_handle
        )
        and not exists (
            select 1 from {{ messages }} as messages
            where
                messages.direction = 'outbound'
                and lower(messages.channel) = stored.channel
                and messages.author_handle = stored.author_handle
        )
    {%- endset -%}
    {%- if is_incremental() -%}
    insert into {{ ledger }} (area, period_start, build_since)
    select distinct
        'social',
        written.period_start,
        {{ build_since() }}
    from {{ this }} as stored
    inner join {{ messages }} as written
        on
            stored.author_handle = written.author_handle
            and stored.channel = lower(written.channel)
    where {{ is_gone }};
    delete from {{ this }} as stored
    where {{ is_gone }}
    {%- endif -%}
{%- endmacro -%}

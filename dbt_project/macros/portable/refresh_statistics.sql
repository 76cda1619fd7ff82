{#-
    Let the planner know a table that was just written; the next model reads it at once, long
    before the server would look by itself. Without, PostgreSQL takes 400,000 rows for a few and
    joins them by nested loops (measured: more than ten minutes instead of a second).
-#}
{%- macro refresh_statistics() -%}
    {{ adapter.dispatch("refresh_statistics", "concord")() }}
{%- endmacro -%}

{%- macro default__refresh_statistics() -%} {%- endmacro -%}

{%- macro postgres__refresh_statistics() -%}
    {%- if model.config.materialized == "incremental" and is_incremental() -%}
    {{ analyze_if_changed(load_result("main").response.rows_affected) }}
    {%- elif model.config.materialized in ("table", "incremental") -%}
    analyze {{ this }}
    {%- endif -%}
{%- endmacro -%}

{#- What a day adds hardly moves the shares that the planner knows; a late archive does. -#}
{%- macro analyze_if_changed(rows_written) -%}
    do $$
    begin
        if
            {{ rows_written }} >= 0.2 * (
                select reltuples from pg_class where oid = '{{ this }}'::regclass
            )
        then
            analyze {{ this }};
        end if;
    end
    $$
{%- endmacro -%}

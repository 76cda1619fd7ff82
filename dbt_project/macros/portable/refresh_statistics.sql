{#-
    Let the planner know a table that was just written; the next model reads it at once, long
    before the server would look by itself.
-#}
{%- macro refresh_statistics() -%}
    {{ adapter.dispatch("refresh_statistics", "concord")() }}
{%- endmacro -%}

{%- macro default__refresh_statistics() -%} {%- endmacro -%}

{%- macro postgres__refresh_statistics() -%}
    {%- if model.config.materialized in ("table", "incremental") -%}
    analyze {{ this }}
    {%- endif -%}
{%- endmacro -%}

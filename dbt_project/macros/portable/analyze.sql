{#-
    Let the planner know a table that was just written: the next model reads it at once, long
    before the server would look by itself. Without, PostgreSQL takes 400,000 rows for a few and
    joins them by nested loops (measured: more than ten minutes instead of a second).
-#}
{%- macro analyze() -%}
    {{ adapter.dispatch("analyze", "concord")() }}
{%- endmacro -%}

{%- macro default__analyze() -%} {%- endmacro -%}

{%- macro postgres__analyze() -%}
    {%- if model.config.materialized == "table" -%} analyze {{ this }} {%- endif -%}
{%- endmacro -%}

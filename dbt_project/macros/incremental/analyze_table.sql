{#-
    Post-hook: give the planner statistics of a table that was just written. Without them
    PostgreSQL takes a table of 400,000 rows for a small one until autovacuum comes by, and
    joins it by nested loops (measured: more than ten minutes instead of a second).
-#}
{%- macro analyze_table() -%}
{{ return(adapter.dispatch("analyze_table", "concord")()) }}
{%- endmacro -%}

{%- macro default__analyze_table() -%}{%- endmacro -%}

{%- macro postgres__analyze_table() -%} analyze {{ this }} {%- endmacro -%}

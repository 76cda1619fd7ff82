{#- Types of dbt that an engine takes for something else. -#}

{#- A float of DuckDB has 32 bits, PostgreSQL's has 64. -#}
{%- macro duckdb__type_float() -%} double {%- endmacro -%}

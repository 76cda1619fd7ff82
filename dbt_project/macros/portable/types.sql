{#- What DuckDB understands otherwise than PostgreSQL by the names of types. -#}

{#- Its float has 32 bits. -#}
{%- macro duckdb__type_float() -%} double {%- endmacro -%}

{#-
    Its numbers differ by their decimals, too. To dbt-postgres a number fits the contract of a
    number, and the table, which is made as the contract says, rounds it. So it is here.
-#}
{%- macro duckdb__format_column(column) -%}
    {%- set is_number = column.dtype.startswith("DECIMAL") or column.dtype == "DOUBLE" -%}
    {%- set data_type = "NUMERIC" if is_number else column.dtype -%}
    {{ return({
        "name": column.name,
        "data_type": data_type,
        "formatted": column.column | lower ~ " " ~ data_type,
    }) }}
{%- endmacro -%}

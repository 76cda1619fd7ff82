{#-
    What dbt compares of a column's type with its contract.

    To dbt-postgres a number is a number, and the table gets the precision that the contract says.
    dbt-duckdb would compare that too, of each step of a calculation.
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

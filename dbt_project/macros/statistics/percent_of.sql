{#- Percent of one number in another; null, never 0, where there is nothing to divide by. -#}
{%- macro percent_of(numerator, denominator) -%}
cast(
    100 * cast({{ numerator }} as {{ dbt.type_float() }}) / nullif({{ denominator }}, 0)
    as {{ dbt.type_numeric() }}
)
{%- endmacro -%}

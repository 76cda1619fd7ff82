{#-
    The sum of amounts, null where one of them is unknown: without an exchange rate a cost is not
    known to be nothing.
-#}
{%- macro known_sum(amount) -%}
cast(
    case when count({{ amount }}) = count(*) then sum({{ amount }}) end
    as {{ dbt.type_numeric() }}
)
{%- endmacro -%}

{#-
    The months in which persons are in a state, from a relation of segments and numbers of persons:
    first and last month are expressions.
-#}
{%- macro state(relation, name, first_month, last_month, where='true') -%}
select
    brand,
    channel,
    generation,
    cast('{{ name }}' as {{ dbt.type_string() }}) as state,
    cast({{ first_month }} as date) as first_month,
    cast({{ last_month }} as date) as last_month,
    persons
from {{ relation }}
where {{ where }}
{%- endmacro -%}

{#- A key that is unique over all sources: source_name:id, null where the id is null. -#}
{%- macro global_key(column, relation=none) -%}
{%- set prefix = relation ~ "." if relation else "" -%}
{{ prefix }}source_name || ':' || {{ prefix }}{{ column }}
{%- endmacro -%}

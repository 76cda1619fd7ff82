{#- A key that is unique over all sources: source_name:id, null where the id is null. -#}
{%- macro global_key(column) -%} source_name || ':' || {{ column }} {%- endmacro -%}

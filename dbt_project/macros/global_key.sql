{#-
    A key that is unique over all sources: source_name:id, null where the id is null.

    Ids `of` customers, campaigns, tickets or agents may be those of another source.
-#}
{%- macro global_key(column, relation=none, of=none) -%}
{%- set prefix = relation ~ "." if relation else "" -%}
{{ key_space(prefix ~ "source_name", of) }} || ':' || {{ prefix }}{{ column }}
{%- endmacro -%}

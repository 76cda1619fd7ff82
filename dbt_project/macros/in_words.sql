{#- Words as a list that `in` takes. -#}
{%- macro in_words(words) -%} ('{{ words | join("', '") }}') {%- endmacro -%}

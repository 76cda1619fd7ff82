{#- A handle as it is compared: lower case, without a leading @; empty becomes null. -#}
{%- macro normalised_handle(value) -%}
    nullif(lower(ltrim(trim({{ value }}), '@')), '')
{%- endmacro -%}

{#- Text functions whose names differ between engines. -#}

{%- macro digits_only(value) -%}
    regexp_replace({{ value }}, '[^0-9]', '', 'g')
{%- endmacro -%}

{#- A handle as it is compared: lower case, without a leading @; empty becomes null. -#}
{%- macro normalised_handle(value) -%}
    nullif(lower(ltrim(trim({{ value }}), '@')), '')
{%- endmacro -%}

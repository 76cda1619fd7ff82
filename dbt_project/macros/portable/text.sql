{#- Text functions whose names differ between engines. -#}

{%- macro digits_only(value) -%}
    {{ adapter.dispatch("digits_only", "concord")(value) }}
{%- endmacro -%}

{%- macro default__digits_only(value) -%}
    regexp_replace({{ value }}, '[^0-9]', '', 'g')
{%- endmacro -%}

{%- macro spark__digits_only(value) -%} regexp_replace({{ value }}, '[^0-9]', '') {%- endmacro -%}

{#- A handle as it is compared: lower case, without a leading @; empty becomes null. -#}
{%- macro normalised_handle(value) -%}
    {{ adapter.dispatch("normalised_handle", "concord")(value) }}
{%- endmacro -%}

{%- macro default__normalised_handle(value) -%}
    nullif(lower(ltrim(trim({{ value }}), '@')), '')
{%- endmacro -%}

{%- macro spark__normalised_handle(value) -%}
    nullif(lower(trim(leading '@' from trim({{ value }}))), '')
{%- endmacro -%}

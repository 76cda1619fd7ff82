{#- Whether a row's source is one of the variable source_names; null names all there are. -#}
{%- macro is_configured(source_name) -%}
    {%- set names = var("source_names") -%}
    {%- if names is none -%} true
    {%- elif names | length == 0 -%} false
    {%- else -%} {{ source_name }} in (
        {%- for name in names -%}
        {%- if not loop.first %}, {% endif -%}
        '{{ name | replace("'", "''") }}'
        {%- endfor -%}
    )
    {%- endif -%}
{%- endmacro -%}

{#- The source whose ids these are: the source itself, or the one that concord.toml names. -#}
{%- macro key_space(source_name, of) -%}
{%- set said = var("key_spaces").get(of, {}) -%}
{%- if said -%}
case {{ source_name }}
    {%- for source, space in said.items() %}
    when '{{ dbt.escape_single_quotes(source) }}' then '{{ dbt.escape_single_quotes(space) }}'
    {%- endfor %}
    else {{ source_name }}
end
{%- else -%} {{ source_name }}
{%- endif -%}
{%- endmacro -%}

{#- Whether concord.toml says of a source whose ids these are. -#}
{%- macro is_key_space_said(source_name, of) -%}
{%- set said = var("key_spaces").get(of, {}) -%}
{%- if said -%}
{{ source_name }} in (
    {%- for source in said -%}
    {%- if not loop.first %}, {% endif -%}
    '{{ dbt.escape_single_quotes(source) }}'
    {%- endfor -%}
)
{%- else -%} false
{%- endif -%}
{%- endmacro -%}

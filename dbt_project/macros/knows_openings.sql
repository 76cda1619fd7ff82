{#- Whether a source knows which messages were opened: as concord.toml says, else as `seen` says. -#}
{%- macro knows_openings(source_name, seen) -%}
{%- set said = var("openings") -%}
{%- if said -%}
case {{ source_name }}
    {%- for source, known in said.items() %}
    when '{{ dbt.escape_single_quotes(source) }}' then {{ known | lower }}
    {%- endfor %}
    else {{ seen }}
end
{%- else -%} {{ seen }}
{%- endif -%}
{%- endmacro -%}

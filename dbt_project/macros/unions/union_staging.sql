{#-
    Stack the staging models of an entity, one for each kind of source that has it.

    The kinds are named in the variable source_kinds. The canonical columns are those that the
    YAML of stg_files__<entity> names, so a staging model of another kind may have more. Rows of
    a source that is configured no more stay in raw, and out of here.
-#}
{%- macro union_staging(entity) -%}
    {%- set kinds = var("source_kinds") -%}
    {#- The graph is known only when dbt executes, and not in unit tests. -#}
    {%- if graph and graph.nodes -%}
    {%- set columns = graph.nodes["model.concord.stg_files__" ~ entity].columns.keys() -%}
    {%- else -%}
    {%- set columns = ["*"] -%}
    {%- endif -%}
    {%- for kind in kinds.get(entity, kinds["default"]) -%}
    {%- if not loop.first %}
    union all
    {% endif -%}
    select
        {{ columns | join(",\n        ") }}
    from {{ ref("stg_" ~ kind ~ "__" ~ entity) }}
    where {{ is_configured("source_name") }}
    {%- endfor -%}
{%- endmacro -%}

{#- Which rows a test of a model's key has to look at. -#}

{#-
    Whether the rows were kept apart as they were written, by a unique index of just these columns
    in the model's configuration. A full build looks nevertheless.
-#}
{%- macro is_kept_unique(relation, columns) -%}
    {%- set models = graph.get("nodes", {}).values() | selectattr("resource_type", "equalto", "model") -%}
    {%- for model in models if var("changed_since") and model.alias == relation.identifier -%}
        {%- for index in model.config.indexes or [] if index.unique and index.columns == columns -%}
            {{ return(true) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro -%}

{#- The condition that a row was written by this build, where a model tells by its months. -#}
{%- macro of_this_build(cleared_months) -%}
    {%- if cleared_months -%} period_start in (select period_start from {{ ref(cleared_months) }})
    {%- else -%} 1 = 1
    {%- endif -%}
{%- endmacro -%}

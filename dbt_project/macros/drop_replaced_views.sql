{#-
    Drop the views that this invocation builds anew, one after the other, before its first model.
    dbt drops a view together with all that reads it. Two threads that each drop a view lock their
    common readers in different orders, and PostgreSQL ends one of them: "deadlock detected".
-#}
{%- macro drop_replaced_views() -%}
    {%- for id in (selected_resources if execute else []) if id.startswith("model.") -%}
        {%- set model = graph.nodes[id] -%}
        {%- set relation = adapter.get_relation(model.database, model.schema, model.alias) -%}
        {%- if relation and relation.is_view and model.config.materialized == "view" -%}
            {%- do adapter.drop_relation(relation) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}

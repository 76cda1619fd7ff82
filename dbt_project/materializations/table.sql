{#-
    dbt's table, which a build of changes empties and fills instead of replacing.

    dbt puts a new table in the old one's place and drops every view upon it, so that each day's
    build made them all anew. All happens in one transaction: a killed build leaves the old rows.
    A model that reads its own rows (`this`) is incremental, not a table.
-#}
{%- materialization table, adapter="postgres" -%}
    {%- set standing = load_cached_relation(this) -%}
    {%- if should_full_refresh() or standing is none or not standing.is_table -%}
        {{ return(dbt.materialization_table_default()) }}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement("main") -%}
        truncate table {{ standing }};
        {{ fill_standing(standing, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [standing]}) }}
{%- endmaterialization -%}

{#- The table was made of the same query; a contract has an order of columns of its own. -#}
{%- macro fill_standing(relation, sql) -%}
    insert into {{ relation }}
    {%- if config.get("contract").enforced %}
    ({{ adapter.dispatch("get_column_names", "dbt")() }})
    {%- set sql = get_select_subquery(sql) %}
    {%- endif %}
    (
        {{ sql }}
    )
{%- endmacro -%}

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
    {{ return(fill_standing(standing, sql, emptied=true)) }}
{%- endmaterialization -%}

{#-
    dbt's incremental model, which appends without a detour where it only appends.

    dbt writes the new rows to a temporary table first, and compares its columns with the model's.
    The pre-hook has made room already, and another query is another fingerprint: a full build.
-#}
{%- materialization incremental, adapter="postgres" -%}
    {%- if is_incremental() and config.get("incremental_strategy") == "append" -%}
        {{ return(fill_standing(load_cached_relation(this), sql)) }}
    {%- endif -%}
    {{ return(dbt.materialization_incremental_default()) }}
{%- endmaterialization -%}

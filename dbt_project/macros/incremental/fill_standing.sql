{#-
    Fill a table where it stands with the rows of a query, in one transaction with the model's
    hooks. The table was made of the same query; a contract has an order of columns of its own.
-#}
{%- macro fill_standing(relation, sql, emptied=false) -%}
    {%- set is_contract = config.get("contract").enforced -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement("main") -%}
        {{ "truncate table " ~ relation ~ ";" if emptied }}
        insert into {{ relation }}
        {{ "(" ~ adapter.dispatch("get_column_names", "dbt")() ~ ")" if is_contract }}
        (
            {{ get_select_subquery(sql) if is_contract else sql }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [relation]}) }}
{%- endmacro -%}

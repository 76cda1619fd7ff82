{#-
    Post-hook: let no null into the columns of a unique index, which takes any number of them. With
    both, the database guards a key at every write as the test `primary_key` asks for it. To tell a
    table again costs nothing; a hook must not ask for the build, or no view would last.
-#}
{%- macro refuse_null_keys() -%}
    {%- set columns = [] -%}
    {%- for index in config.get("indexes", []) if index.unique -%}
        {%- do columns.extend(index.columns) -%}
    {%- endfor -%}
    {%- if columns and not is_incremental() -%}
    alter table {{ this }}
    alter column {{ columns | unique | join(" set not null, alter column ") }} set not null
    {%- endif -%}
{%- endmacro -%}

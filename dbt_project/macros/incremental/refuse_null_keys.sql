{#-
    Post-hook: let no null into the columns of a unique index, which takes any number of them. With
    both, the database guards a key at every write as the test `primary_key` asks for it. A build
    of changes fills tables that have been told.
-#}
{%- macro refuse_null_keys() -%}
    {%- set columns = [] -%}
    {%- for index in config.get("indexes", []) if index.unique -%}
        {%- do columns.extend(index.columns) -%}
    {%- endfor -%}
    {%- if columns and should_full_refresh() -%}
    alter table {{ this }}
        {%- for column in columns | unique %}
        alter column {{ column }} set not null {%- if not loop.last %}, {% endif %}
        {%- endfor %}
    {%- endif -%}
{%- endmacro -%}

{#-
    The grain of a model: no column of its key is null, and no two rows agree in all of them.

    Belongs to a column, or to the model with the columns of a compound key. One question where
    not_null and unique ask two. A model whose key is what it groups by, or a number that it gives
    out itself, has no such test: it could not fail.
-#}
{% test primary_key(model, column_name=none, columns=none) %}
    {%- set key = columns or [column_name] -%}
    {%- set is_null = key | join(" is null or ") ~ " is null" -%}
    select
        {{ key | join(", ") }},
        count(*) as row_count
    from {{ model }}
    group by {{ key | join(", ") }}
    having count(*) > 1 or {{ is_null }}
{% endtest %}

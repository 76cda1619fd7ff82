{#-
    The grain of a model: no column of its key is null, and no two rows agree in all of them.

    Stands at a column, or at the model with the columns of a compound key. One question where
    not_null and unique ask two, for a day's build pays for each. Where a unique index keeps the
    rows apart, a build of changes asks for the nulls alone.

    Of a model with the month in its key that writes its cleared_months anew (clear_months), only
    these are looked at: rows that agree are of one month, and every other month was looked at by
    the build that wrote it. A full build writes all months.
-#}
{% test primary_key(model, column_name=none, columns=none, cleared_months=none) %}
    {%- set key = columns or [column_name] -%}
    {%- set is_null = key | join(" is null or ") ~ " is null" -%}
    select
        {{ key | join(", ") }},
        count(*) as row_count
    from {{ model }}
    where {{ is_null if is_kept_unique(model, key) else of_this_build(cleared_months) }}
    group by {{ key | join(", ") }}
    having count(*) > 1 or {{ is_null }}
{% endtest %}

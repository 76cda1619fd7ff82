{#-
    No two rows may agree in all of the columns: the grain of a model with a compound key.

    Of a model with the month in its key that writes its cleared_months anew (clear_months), only
    these are looked at: rows that agree are of one month, and every other month was looked at by
    the build that wrote it. A full build writes all months.
-#}
{% test unique_rows(model, columns, cleared_months=none) -%}
select
    {{ columns | join(", ") }},
    count(*) as row_count
from {{ model }}
{{ of_cleared_months(ref(cleared_months)) if cleared_months }}
group by {{ columns | join(", ") }}
having count(*) > 1
{% endtest %}

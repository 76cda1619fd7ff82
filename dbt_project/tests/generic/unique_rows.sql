{#- No two rows may agree in all of the columns: the grain of a model with a compound key. -#}
{% test unique_rows(model, columns) %}
select
    {{ columns | join(", ") }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(", ") }}
having count(*) > 1
{% endtest %}

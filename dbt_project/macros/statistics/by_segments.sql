{#-
    Aggregate a relation once for the whole company and once for each segment column.

    `aggregates` maps names to expressions. Gives period_start, segment_name, segment_value
    ('company', 'all' for the whole, unless has_total is false) and the aggregates. The segment
    columns must not be null: the marts write 'unknown'.
-#}
{%- macro by_segments(relation, segments, aggregates, where="true", has_total=true) -%}
select
    period_start,
    case
        {%- for segment in segments %}
        when grouping({{ segment }}) = 0 then '{{ segment }}'
        {%- endfor %}
        else 'company'
    end as segment_name,
    case
        {%- for segment in segments %}
        when grouping({{ segment }}) = 0 then {{ segment }}
        {%- endfor %}
        else 'all'
    end as segment_value
    {%- for name, expression in aggregates.items() %},
    {{ expression }} as {{ name }}
    {%- endfor %}
from {{ relation }}
where {{ where }}
group by grouping sets (
    {{- "\n    (period_start)," if has_total }}
    {%- for segment in segments %}
    (period_start, {{ segment }}){{ "," if not loop.last }}
    {%- endfor %}
)
{%- endmacro -%}

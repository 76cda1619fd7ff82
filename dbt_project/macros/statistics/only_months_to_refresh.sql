{# In an incremental build: the where clause that keeps the months which the changed rows touch. #}
{% macro only_months_to_refresh(column, areas) %}
{%- if is_incremental() %}
where {{ column }} in (
    select period_start from {{ ref("int_months_to_refresh") }}
    where area in ('{{ areas | join("', '") }}')
)
{%- endif %}
{% endmacro %}

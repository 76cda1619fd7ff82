{#-
    Score from 1 to 5 by quintile within the period, highest for the last in `order_by`.
    Built on percent_rank, not ntile: equal values must get equal scores.
-#}
{%- macro quintile_score(order_by) -%}
least(
    5,
    1 + cast(
        floor(5 * percent_rank() over (partition by period_start order by {{ order_by }}))
        as {{ dbt.type_int() }}
    )
)
{%- endmacro -%}

{#- The same score of a value, given the smallest value with each score from 2 to 5. -#}
{%- macro score_by_thresholds(value, name) -%}
case
    {%- for score in (5, 4, 3, 2) %}
    when {{ value }} >= thresholds.{{ name }}_{{ score }} then {{ score }}
    {%- endfor %}
    else 1
end
{%- endmacro -%}

{#
    Process behaviour charts (XmR): Wheeler, Understanding Variation, 1993.
    The rules are those of the scorecard: a point outside the limits, 8 in a row on one side of
    the mean, 3 of 4 in a row nearer the limit than the mean, on the same side.
    A deviation below 1e-9 is rounding, not a change.
#}

{% macro xmr_baseline_points() %}12{% endmacro %}

{# Nelson, Control charts for individual measurements, Journal of Quality Technology 14, 1982. #}
{% macro xmr_moving_range_limit(mean_moving_range) -%}
    3.268 * {{ mean_moving_range }} + 0.000000001
{%- endmacro %}

{% macro xmr_limit_distance(mean_moving_range) -%}
    2.66 * {{ mean_moving_range }}
{%- endmacro %}

{# The distance of a limit from the mean: that of the chart, or of chance where that is wider. #}
{% macro wider_distance(chance_distance) -%}
    cast(
        greatest(
            {{ xmr_limit_distance('limits.mean_moving_range') }},
            coalesce({{ chance_distance }}, 0)
        ) as {{ dbt.type_numeric() }}
    )
{%- endmacro %}

{#
    The name of the rule that the point breaks on the side where `deviation` is positive, or null.
    Where chance reaches the end of what is possible, such as 0 of 30, being near the limit is usual.
#}
{% macro xmr_rule(deviation, limit_distance, is_end_of_scale) %}
    case
        when {{ deviation }} > {{ limit_distance }} + 0.000000001 then 'outside_limits'
        when {{ xmr_count_of_last(8, deviation ~ " > 0.000000001") }} = 8 then 'run_of_8'
        when
            not coalesce({{ is_end_of_scale }}, false)
            and {{ xmr_is_near_limit(deviation, limit_distance) }}
            and {{ xmr_count_of_last(4, xmr_is_near_limit(deviation, limit_distance)) }} >= 3
            then '3_of_4_near_limit'
    end
{% endmacro %}

{% macro xmr_is_near_limit(deviation, limit_distance) -%}
    {{ deviation }} > {{ limit_distance }} / 2 + 0.000000001
{%- endmacro %}

{% macro xmr_mean_of_last(points, column) -%}
    avg({{ column }}) over (
        partition by metric_id, segment_name, segment_value
        order by period_start
        rows between {{ points - 1 }} preceding and current row
    )
{%- endmacro %}

{% macro xmr_count_of_last(points, condition) -%}
    sum(case when {{ condition }} then 1 else 0 end) over (
        partition by metric_id, segment_name, segment_value, regime
        order by period_start
        rows between {{ points - 1 }} preceding and current row
    )
{%- endmacro %}

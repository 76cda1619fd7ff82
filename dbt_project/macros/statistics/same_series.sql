{#- Join condition: two rows of the same series of the scorecard, and of the same `also`. -#}
{%- macro same_series(left, right, also=[]) -%}
{%- for column in ["metric_id", "segment_name", "segment_value"] + also %}
{{ left }}.{{ column }} = {{ right }}.{{ column }}{{ " and" if not loop.last }}
{%- endfor -%}
{%- endmacro -%}

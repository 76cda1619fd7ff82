{#-
    The median of how long things took, in a group of rows: what has not ended counts as longer than
    all that has. Of two in the middle, the lower; null where that has not ended.
-#}
{%- macro median_with_unended(column) -%}
{%- set never = "1000000000" -%}
nullif(
    percentile_disc(0.5) within group (order by coalesce({{ column }}, {{ never }})), {{ never }}
)
{%- endmacro -%}

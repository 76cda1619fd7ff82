{#- An amount per person, or points per answer; no interval. See measure_rows. -#}
{%- macro amount_per_person_rows(
    metric_id, relation, amount, persons, where="true", left_out=none
) -%}
{{ measure_rows(metric_id, relation, {
    "value": "cast(" ~ amount ~ " as " ~ dbt.type_float() ~ ") / nullif(" ~ persons ~ ", 0)",
    "numerator": amount,
    "denominator": persons,
    "n": persons,
    "ci_low": "null",
    "ci_high": "null",
    "left_out": left_out,
}, where) }}
{%- endmacro -%}

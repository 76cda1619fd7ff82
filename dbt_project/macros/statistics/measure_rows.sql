{#-
    The long form of one metric, from a relation as by_segments gives it: the columns that the
    scorecard unions. Numerator, denominator and n are column names or expressions, and so is
    left_out, the words for what the figure could not count.
-#}

{%- macro measure_rows(metric_id, relation, measure, where="true") -%}
select
    cast('{{ metric_id }}' as {{ dbt.type_string() }}) as metric_id,
    period_start,
    cast('month' as {{ dbt.type_string() }}) as period_grain,
    cast(segment_name as {{ dbt.type_string() }}) as segment_name,
    cast(segment_value as {{ dbt.type_string() }}) as segment_value,
    cast({{ measure.value }} as {{ dbt.type_numeric() }}) as value,
    cast({{ measure.numerator }} as {{ dbt.type_numeric() }}) as numerator,
    cast({{ measure.denominator }} as {{ dbt.type_numeric() }}) as denominator,
    cast({{ measure.n }} as {{ dbt.type_bigint() }}) as n,
    cast({{ measure.ci_low }} as {{ dbt.type_numeric() }}) as ci_low,
    cast({{ measure.ci_high }} as {{ dbt.type_numeric() }}) as ci_high,
    cast({{ measure.left_out or "null" }} as {{ dbt.type_string() }}) as left_out
from {{ relation }}
where {{ where }}
{%- endmacro -%}

{#- A share of persons or rows, in percent, with its Wilson interval. -#}
{%- macro proportion_rows(
    metric_id, relation, numerator, denominator, where="true", left_out=none
) -%}
{{ measure_rows(metric_id, relation, {
    "value": percent_of(numerator, denominator),
    "numerator": numerator,
    "denominator": denominator,
    "n": denominator,
    "ci_low": wilson_low(numerator, denominator),
    "ci_high": wilson_high(numerator, denominator),
    "left_out": left_out,
}, where) }}
{%- endmacro -%}

{#- A count of persons or rows: its own n, no denominator, no interval. -#}
{%- macro count_rows(metric_id, relation, counted, where="true") -%}
{{ measure_rows(metric_id, relation, {
    "value": counted,
    "numerator": counted,
    "denominator": "null",
    "n": counted,
    "ci_low": "null",
    "ci_high": "null",
}, where) }}
{%- endmacro -%}

{#-
    A ratio of two amounts, in percent; n is the number of persons or campaigns behind it. Unless
    `is_known`, there is no value.
-#}
{%- macro amount_ratio_rows(
    metric_id, relation, numerator, denominator, n, where="true", left_out=none, is_known="true"
) -%}
{%- set ratio = percent_of(numerator, denominator) -%}
{{ measure_rows(metric_id, relation, {
    "value": "case when " ~ denominator ~ " > 0 and " ~ is_known ~ " then " ~ ratio ~ " end",
    "numerator": numerator,
    "denominator": denominator,
    "n": n,
    "ci_low": "null",
    "ci_high": "null",
    "left_out": left_out,
}, where) }}
{%- endmacro -%}

{#- A net share in points: (for - against) of n, with the interval of nps_interval. -#}
{%- macro net_share_rows(
    metric_id, relation, in_favour, against, n, where="true", left_out=none
) -%}
{{ measure_rows(metric_id, relation, {
    "value": percent_of(in_favour ~ " - " ~ against, n),
    "numerator": in_favour ~ " - " ~ against,
    "denominator": n,
    "n": n,
    "ci_low": nps_low(in_favour, against, n),
    "ci_high": nps_high(in_favour, against, n),
    "left_out": left_out,
}, where) }}
{%- endmacro -%}

{#-
    Half width in points of the 95 % interval of a net share (promoters minus detractors):
    100 * 1.96 * sqrt((p + d - (p - d)^2) / n), from counts. Half promoters and a sixth
    detractors of 324 give 8.1. Null where n is null or 0.
-#}

{%- macro nps_half_width(promoters, detractors, n) -%}
{%- set p = "(cast(" ~ promoters ~ " as " ~ dbt.type_float() ~ ") / nullif(" ~ n ~ ", 0))" -%}
{%- set d = "(cast(" ~ detractors ~ " as " ~ dbt.type_float() ~ ") / nullif(" ~ n ~ ", 0))" -%}
cast(
    100 * 1.96 * sqrt(
        greatest(0, {{ p }} + {{ d }} - ({{ p }} - {{ d }}) * ({{ p }} - {{ d }}))
        / nullif({{ n }}, 0)
    ) as {{ dbt.type_numeric() }}
)
{%- endmacro -%}

{#- Lower and upper end of that interval, never beyond -100 and 100. -#}

{%- macro nps_low(promoters, detractors, n) -%}
greatest(
    -100,
    {{ percent_of(promoters ~ " - " ~ detractors, n) }}
    - {{ nps_half_width(promoters, detractors, n) }}
)
{%- endmacro -%}

{%- macro nps_high(promoters, detractors, n) -%}
least(
    100,
    {{ percent_of(promoters ~ " - " ~ detractors, n) }}
    + {{ nps_half_width(promoters, detractors, n) }}
)
{%- endmacro -%}

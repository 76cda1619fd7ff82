{#-
    The 95 % interval in points of a net share (promoters minus detractors), from counts:
    +/- 100 * 1.96 * sqrt((p + d - (p - d)^2) / n), never beyond -100 and 100. Half promoters
    and a sixth detractors of 324 give 33.3 +/- 8.1. Null where n is null or 0.
-#}

{%- macro nps_low(promoters, detractors, n) -%}
{{ nps_bound(promoters, detractors, n, "-") }}
{%- endmacro -%}

{%- macro nps_high(promoters, detractors, n) -%}
{{ nps_bound(promoters, detractors, n, "+") }}
{%- endmacro -%}

{%- macro nps_bound(promoters, detractors, n, sign) -%}
{%- set size = "cast(" ~ n ~ " as " ~ dbt.type_float() ~ ")" -%}
{%- set net = "((" ~ promoters ~ ") - (" ~ detractors ~ ")) / " ~ size -%}
{%- set charged = "((" ~ promoters ~ ") + (" ~ detractors ~ ")) / " ~ size -%}
case
    when {{ n }} > 0
        then
            cast(
                greatest(
                    -100,
                    least(
                        100,
                        100 * (
                            {{ net }}
                            {{ sign }} 1.96 * sqrt(
                                greatest(0, {{ charged }} - {{ net }} * ({{ net }})) / {{ size }}
                            )
                        )
                    )
                ) as {{ dbt.type_numeric() }}
            )
end
{%- endmacro -%}

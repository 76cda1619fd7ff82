{#
    Many segments at once: Benjamini & Hochberg, Controlling the false discovery rate, Journal of
    the Royal Statistical Society B 57, 1995.
#}

{% macro false_discovery_rate() %}0.05{% endmacro %}

{#
    P(|Z| > |z|) of a standard normal. Abramowitz & Stegun, Handbook of Mathematical Functions,
    formula 26.2.17; error below 7.5e-8. Not every engine has erf().
#}
{% macro two_sided_normal_p(z) -%}
    {%- set t = "(1 / (1 + 0.2316419 * " ~ z ~ "))" -%}
    (
        2 * exp(-{{ z }} * {{ z }} / 2) * 0.3989422804 * {{ t }} * (
            0.319381530 + {{ t }} * (
                -0.356563782 + {{ t }} * (
                    1.781477937 + {{ t }} * (-1.821255978 + {{ t }} * 1.330274429)
                )
            )
        )
    )
{%- endmacro %}

{#
    Survival with censoring. Kaplan & Meier, Journal of the American Statistical Association 53,
    1958. The interval of a quantile is where the band of the survival curve crosses it: Brookmeyer
    & Crowley, Biometrics 38, 1982, with the band on the scale of log(-log(survival)), as
    Kalbfleisch & Prentice recommend. Someone censored at a time is still at risk at it.
#}

{% macro km_log_survival(events, at_risk, series) -%}
    sum(
        case
            when {{ events }} < {{ at_risk }}
                then ln(1 - cast({{ events }} as {{ dbt.type_float() }}) / {{ at_risk }})
            else 0
        end
    ) over (partition by {{ series }} order by minutes)
{%- endmacro %}

{% macro km_greenwood(events, at_risk, series) -%}
    sum(
        case
            when {{ events }} < {{ at_risk }}
                then cast({{ events }} as {{ dbt.type_float() }})
                    / {{ at_risk }} / ({{ at_risk }} - {{ events }})
            else 0
        end
    ) over (partition by {{ series }} order by minutes)
{%- endmacro %}

{# One edge of the 95 % band: survival ^ exp(+/- 1.96 se). Without an event so far there is none. #}
{% macro km_band(log_survival, log_variance, sign) -%}
    exp(
        {{ log_survival }}
        * exp({{ sign }}1.959964 * sqrt({{ log_variance }}) / nullif(abs({{ log_survival }}), 0))
    )
{%- endmacro %}

{# The first time at which a curve is at or below a level. #}
{% macro km_first_time_below(curve, level) -%}
    min(case when {{ curve }} <= {{ level }} then minutes end)
{%- endmacro %}

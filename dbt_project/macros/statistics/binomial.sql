{# The binomial distribution where its counts are too large to add up term by term. #}

{#
    The count at z standard deviations, with skewness and kurtosis, not rounded: Cornish & Fisher, Moments
    and cumulants in the specification of distributions, Revue de l'Institut International de
    Statistique 5, 1938.
#}
{% macro binomial_quantile(trials, rate, z) -%}
    {%- set variance = "(" ~ rate ~ " * (1 - " ~ rate ~ "))" -%}
    {%- set deviation = "sqrt(" ~ trials ~ " * " ~ variance ~ ")" -%}
    (
        {{ trials }} * {{ rate }}
        + {{ z }} * {{ deviation }}
        + {{ (z * z - 1) / 6 }} * (1 - 2 * {{ rate }})
        + (
            {{ (z ** 3 - 3 * z) / 24 }} * (1 - 6 * {{ variance }})
            - {{ (2 * z ** 3 - 5 * z) / 36 }} * (1 - 4 * {{ variance }})
        ) / {{ deviation }}
    )
{%- endmacro %}

{# How often no more than `count`, and more than `count`, happen: the tails of the distribution. #}
{% macro binomial_no_more(count, trials, rate) -%}
    {{ binomial_mass(count, trials, rate) }} * {{ rate }}
    * {{ beta_fraction(trials ~ " - (" ~ count ~ ")", count ~ " + 1", "(1 - " ~ rate ~ ")") }}
{%- endmacro %}

{% macro binomial_more(count, trials, rate) -%}
    {{ binomial_mass(count ~ " + 1", trials, rate) }} * (1 - {{ rate }})
    * {{ beta_fraction(count ~ " + 1", trials ~ " - (" ~ count ~ ")", rate) }}
{%- endmacro %}

{#
    How often exactly `count` of `trials` happen: Loader, Fast and accurate computation of binomial
    probabilities, 2000. Precise to some 1e-7 of itself from 1 to 1e12 trials.
#}
{% macro binomial_mass(count, trials, rate) -%}
    {%- set others = "(" ~ trials ~ " - (" ~ count ~ "))" -%}
    case
        when {{ count }} = 0 then power(1 - {{ rate }}, {{ trials }})
        when {{ others }} = 0 then power({{ rate }}, {{ trials }})
        else
            sqrt({{ trials }} / (2 * pi() * ({{ count }}) * {{ others }}))
            * exp(
                {{ stirling_error(trials) }}
                - {{ stirling_error(count) }}
                - {{ stirling_error(others) }}
                - {{ poisson_deviance(count, trials ~ " * " ~ rate) }}
                - {{ poisson_deviance(others, trials ~ " * (1 - " ~ rate ~ ")") }}
            )
    end
{%- endmacro %}

{# What Stirling's formula lacks of ln(count!), by Stieltjes' continued fraction. #}
{% macro stirling_error(count) -%}
    {%- set parts = ["1.0 / 12", "1.0 / 30", "53.0 / 210", "195.0 / 371", "22999.0 / 22737",
        "29944523.0 / 19733142"] -%}
    {%- for part in parts %}{{ part }} / ({{ count }} + {% endfor %}1.5{{ ")" * parts | length }}
{%- endmacro %}

{#
    count * ln(count / expected) + expected - count. Close to 1 the logarithm's digits cancel, its
    series' don't.
#}
{% macro poisson_deviance(count, expected) -%}
    {%- set difference = "(" ~ count ~ " - " ~ expected ~ ")" -%}
    {%- set relative = "(" ~ difference ~ " / (" ~ count ~ " + " ~ expected ~ "))" -%}
    case
        when abs({{ relative }}) < 0.001
            then {{ difference }} * {{ relative }} + 2.0 / 3 * ({{ count }}) * power({{ relative }}, 3)
        else ({{ count }}) * ln(({{ count }}) / ({{ expected }})) - {{ difference }}
    end
{%- endmacro %}

{#
    The continued fraction 1 / (1 + d1 / (1 + d2 / ...)) of the incomplete beta function, whose tails are
    the binomial's (Abramowitz & Stegun 26.5.8), two parts a step. In the tails beyond two standard
    deviations 12 steps are precise to some 1e-7.
#}
{% macro beta_fraction(a, b, x) -%}
    {%- set steps = 12 -%}
    (1 - {{ beta_part(1, a, b, x) }} / (
    {%- for step in range(1, steps) %}
        1 + {{ beta_part(2 * step - 1, a, b, x) }} + {{ beta_part(2 * step, a, b, x) }}
        - {{ beta_part(2 * step, a, b, x) }} * {{ beta_part(2 * step + 1, a, b, x) }} / (
    {%- endfor %}
        1 + {{ beta_part(2 * steps - 1, a, b, x) }} + {{ beta_part(2 * steps, a, b, x) }}
    {{ ")" * (steps + 1) }}
{%- endmacro %}

{% macro beta_part(part, a, b, x) -%}
    {%- set m = part // 2 -%}
    (
        {%- if part % 2 %}-({{ a }} + {{ m }}) * ({{ a }} + {{ b }} + {{ m }})
        {%- else %}{{ m }} * ({{ b }} - {{ m }})
        {%- endif %} * {{ x }} / (({{ a }} + {{ part - 1 }}) * ({{ a }} + {{ part }}))
    )
{%- endmacro %}

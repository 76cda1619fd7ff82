{#
    How far chance alone carries a month of a share or a count: the binomial quantiles at 0.135 % and
    99.865 %, three standard deviations on each side, for the month's own n. A closed
    form is the quantile or one count beside it; the tails at these counts say which.
#}

{#
    What of a metric is left to chance: a share of n, a difference of shares, a count, or nothing
    known.
#}
{% macro chance_of_metric(definitions) -%}
    case
        when {{ definitions }}.interval_method = 'wilson' then 'share'
        when {{ definitions }}.interval_method in ('nps', 'newcombe') then 'net_share'
        when {{ definitions }}.unit = 'count' then 'count'
    end
{%- endmacro %}

{# A count is so many of so very many that nobody counts them (Poisson). #}
{% macro endless_trials() -%} 1000000000000.0 {%- endmacro %}

{% macro chance_trials(denominator) -%}
    case points.chance_kind
        when 'share' then nullif(cast({{ denominator }} as {{ dbt.type_float() }}), 0)
        when 'count' then cast({{ endless_trials() }} as {{ dbt.type_float() }})
    end
{%- endmacro %}

{# How often one of the trials counts, by the baseline: never 0 and never always, however few. #}
{% macro chance_rate_of_baseline() -%}
    case max(chance_kind)
        when 'share'
            then cast(sum(numerator) + 0.5 as {{ dbt.type_float() }}) / (sum(denominator) + 1)
        when 'count'
            then cast(sum(numerator) + 0.5 as {{ dbt.type_float() }})
                / count(*) / {{ endless_trials() }}
    end
{%- endmacro %}

{#
    The highest count that chance explains: the first that is exceeded in no more than 0.135 % of
    months. Nearly never and nearly always need no search.
#}
{% macro closed_highest(trials, rate) -%}
    case
        when {{ trials }} * ln(1 - {{ rate }}) >= ln(1 - 0.00135) then 0
        when {{ trials }} * ln({{ rate }}) > ln(0.00135) then {{ trials }}
        when {{ trials }} > 0
            then least({{ trials }} - 1, greatest(1, ceil(
                {{ binomial_quantile(trials, rate, 3) }} - 0.5
            )))
    end
{%- endmacro %}

{# The lowest count that chance explains: the first that is not exceeded in 0.135 % of months. #}
{% macro closed_lowest(trials, rate) -%}
    case
        when {{ trials }} * ln(1 - {{ rate }}) >= ln(0.00135) then 0
        when {{ trials }} * ln({{ rate }}) > ln(1 - 0.00135) then {{ trials }}
        when {{ trials }} > 0
            then least({{ trials }} - 1, greatest(1, ceil(
                {{ binomial_quantile(trials, rate, -3) }} - 0.5
            )))
    end
{%- endmacro %}

{# `closed` is what the closed form says: it, or the count before or after it. #}
{% macro exact_highest(closed, trials, rate) -%}
    case
        when {{ closed }} in (0, {{ trials }}) then {{ closed }}
        when {{ binomial_more(closed, trials, rate) }} > 0.00135 then {{ closed }} + 1
        when {{ binomial_more(closed ~ " - 1", trials, rate) }} <= 0.00135 then {{ closed }} - 1
        else {{ closed }}
    end
{%- endmacro %}

{% macro exact_lowest(closed, trials, rate) -%}
    case
        when {{ closed }} in (0, {{ trials }}) then {{ closed }}
        when {{ binomial_no_more(closed, trials, rate) }} < 0.00135 then {{ closed }} + 1
        when {{ binomial_no_more(closed ~ " - 1", trials, rate) }} >= 0.00135 then {{ closed }} - 1
        else {{ closed }}
    end
{%- endmacro %}

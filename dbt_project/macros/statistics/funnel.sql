{# Funnel plots: Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in
   Medicine 24, 2005. #}

{#- The limits: columns, with quantiles of the standard normal and how often chance goes beyond. -#}
{%- macro funnel_limits() -%}
{{ return({
    'lowest_expected': (-3.090232, 0.001),
    'low_expected': (-1.959964, 0.025),
    'high_expected': (1.959964, 0.025),
    'highest_expected': (3.090232, 0.001),
}) }}
{%- endmacro -%}

{#
    How far chance carries the share of so many answers, in percent: the quantile of the binomial, not
    rounded to a count, so that over numbers of answers it is a curve. Where even none, or all, is nothing rare, no
    share is beyond it.
#}
{%- macro funnel_limit(answers, share, z, tail) -%}
{%- set n = "cast(" ~ answers ~ " as " ~ dbt.type_float() ~ ")" -%}
{%- set extreme, end = ("1 - " ~ share, 0) if z < 0 else (share, 1) -%}
cast(
    100 * case
        when {{ share }} in (0, 1) then {{ share }}
        when {{ n }} * ln({{ extreme }}) >= ln({{ tail }}) then {{ end }}
        else greatest(0, least(1, {{ binomial_quantile(n, share, z) }} / {{ n }}))
    end as {{ dbt.type_numeric() }}
)
{%- endmacro -%}

{#- The limits of shares of so many answers, as columns; greatest() and least() pass nulls over. -#}
{%- macro funnel_limit_columns(answers, share) -%}
{%- for name, (z, tail) in funnel_limits().items() -%}
case when {{ share }} is not null then {{ funnel_limit(answers, share, z, tail) }} end as {{ name }}
{{- "," if not loop.last }}
{% endfor -%}
{%- endmacro -%}

{#- Where a share in percent lies between its limits, columns as funnel_limits names them. -#}
{%- macro funnel_position(share) -%}
case
    when {{ share }} < lowest_expected then 'far_below'
    when {{ share }} > highest_expected then 'far_above'
    when {{ share }} < low_expected then 'below'
    when {{ share }} > high_expected then 'above'
    when low_expected is not null then 'within'
end
{%- endmacro -%}

{#- What a spread between units leaves out, in words; first of all why there is none. -#}
{%- macro spread_left_out() -%}
nullif(
    concat_ws(
        '; ',
        case when unit_count < 2 then 'fewer than two units to compare' end,
        {{ left_out([
            ('all_count - answered_count - unknown_count', 'all_count',
                'answers of units with fewer than ' ~ var('minimum_n')),
            ('unknown_count', 'all_count', 'answers of an unknown unit'),
        ]) }}
    ),
    ''
)
{%- endmacro -%}

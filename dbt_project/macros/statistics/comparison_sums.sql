{#- What a matched comparison adds up, and says of it. What is compared is in comparisons.sql. -#}

{# The sum over strata in which those who had it have others, exact in whatever order. #}
{%- macro matched_sum(expression) -%}
coalesce(sum(cast({{ expression }} as numeric(38, 12))) filter (where others_count > 0), 0)
{%- endmacro -%}

{# What those who had it would sum up to in their stratum, did they as its others do. #}
{%- macro expected(sum_of_others) -%}
had_count * {{ sum_of_others }} / nullif(others_count, 0)
{%- endmacro -%}

{#
    Rows with the share of both sides, and the Wilson interval of each. The others weigh as those do who
    had it, and are worth fewer than they are: 1 / sum(w^2 / n0).
#}
{%- macro with_shares_bounded(relation) -%}
select
    {% for side, n in [('had', 'matched_count'), ('others', 'likes_count')] %}
        {{ wilson_low(side ~ '_share / 100.0 * ' ~ n, n) }} as {{ side }}_low,
        {{ wilson_high(side ~ '_share / 100.0 * ' ~ n, n) }} as {{ side }}_high,
    {% endfor %}
    {{ relation }}.*
from {{ relation }}
{%- endmacro -%}

{# What a comparison leaves out or alone, in words; first of all why there is no figure. #}
{%- macro comparison_left_out() -%}
nullif(
    concat_ws(
        '; ',
        case when not is_comparable then 'not enough comparable persons' end,
        case dropped_count
            when 1 then 'compared without the generation'
            when 2 then 'compared without generation and money'
        end,
        {{ left_out([
            ('person_count - had_count', 'person_count',
                'persons not drawn, or without an earlier order'),
            ('had_count - matched_count', 'had_count', 'persons without a counterpart'),
        ]) }}
    ),
    ''
)
{%- endmacro -%}

{# What is known of an event, a month and an outcome beside the effect. #}
{%- macro comparison_facts() -%}
{%- set facts = [
    'event_kind', 'event', 'period_start', 'outcome', 'person_count', 'had_count', 'others_count',
    'matched_count', 'dropped_count', 'is_comparable', 'outcome_count', 'expected_count',
] -%}
{%- for trait in comparison_balance() -%}
    {%- do facts.extend([trait ~ '_before', trait ~ '_after']) -%}
{%- endfor -%}
{{ return(facts) }}
{%- endmacro -%}

{# Of how many persons a comparison is. #}
{%- macro compared_persons() -%}
cast(person_count as {{ dbt.type_bigint() }}) as person_count,
cast(had_count as {{ dbt.type_bigint() }}) as compared_count,
cast(others_count as {{ dbt.type_bigint() }}) as others_count,
cast(matched_count as {{ dbt.type_bigint() }}) as matched_count,
{{ percent_of('matched_count', 'had_count') }} as matched_share
{%- endmacro -%}

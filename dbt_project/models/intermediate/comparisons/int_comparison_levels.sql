{%- set outcomes = comparison_sums() -%}
{%- set balance = comparison_balance() -%}
{%- set stratum = 'comparison_number, recency, frequency, contacts' -%}

-- Strata that tell less apart hold more likes: without the generation, then without the money.
with strata as (

    select
        comparison_number,
        grouping(generation) + grouping(third) as dropped_count,
        {% for side in ('had', 'others') %}
            {% for outcome in outcomes %}
                sum({{ side }}_{{ outcome }}) as {{ side }}_{{ outcome }},
            {% endfor %}
            {% for known in balance %}
                sum({{ side }}_{{ known }}) as {{ side }}_{{ known }},
                sum({{ side }}_{{ known }}_squared) as {{ side }}_{{ known }}_squared,
            {% endfor %}
        {% endfor %}
        sum(had_count) as had_count,
        sum(others_count) as others_count
    from {{ ref('int_comparison_strata') }}
    group by grouping sets (
        ({{ stratum }}, third, generation),
        ({{ stratum }}, third),
        ({{ stratum }})
    )

),

-- What is expected of those who had it is what their likes did. Those without a counterpart expect
-- nothing, and drop out of each sum.
final as (

    select
        comparison_number,
        dropped_count,
        {% for outcome in outcomes %}
            {{ matched_sum('had_' ~ outcome) }} as had_{{ outcome }},
            {{ matched_sum(expected('others_' ~ outcome)) }} as expected_{{ outcome }},
        {% endfor %}
        {% for known in balance %}
            {% for side in ('had', 'others') %}
                sum({{ side }}_{{ known }}) as {{ side }}_{{ known }},
                sum({{ side }}_{{ known }}_squared) as {{ side }}_{{ known }}_squared,
            {% endfor %}
            {{ matched_sum('had_' ~ known) }} as matched_{{ known }},
            {{ matched_sum(expected('others_' ~ known)) }} as expected_{{ known }},
        {% endfor %}
        sum(had_count) as had_count,
        sum(others_count) as others_count,
        {{ matched_sum('had_count') }} as matched_count,
        power({{ matched_sum('had_count') }}, 2)
        / nullif({{ matched_sum(expected('had_count')) }}, 0) as likes_count
    from strata
    group by comparison_number, dropped_count

)

select * from final

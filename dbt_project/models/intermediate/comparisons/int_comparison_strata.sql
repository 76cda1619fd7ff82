{%- set sides = {'had': 'had_it', 'others': 'not had_it'} -%}

with subjects as (

    select
        *,
        case
            when days_since_order <= 30 then 30
            when days_since_order <= 90 then 90
            when days_since_order <= 180 then 180
            when days_since_order <= 365 then 365
            else 366
        end as recency,
        case when order_count >= 4 then 4 when order_count >= 2 then 2 else order_count end
            as frequency,
        case when contact_count >= 2 then 2 else contact_count end as contacts,
        case when spend_rank < 1.0 / 3 then 1 when spend_rank < 2.0 / 3 then 2 else 3 end as third
    from {{ ref('int_comparison_histories') }}

),

final as (

    select
        comparison_number,
        recency,
        frequency,
        contacts,
        third,
        generation,
        {% for side, is_side in sides.items() %}
            count(*) filter (where {{ is_side }}) as {{ side }}_count,
            {% for outcome, counted in comparison_sums().items() %}
                coalesce(sum({{ counted }}) filter (where {{ is_side }}), 0)
                    as {{ side }}_{{ outcome }},
            {% endfor %}
            {% for known in comparison_balance() %}
                coalesce(sum({{ known }}) filter (where {{ is_side }}), 0)
                    as {{ side }}_{{ known }},
                coalesce(sum(power({{ known }}, 2)) filter (where {{ is_side }}), 0)
                    as {{ side }}_{{ known }}_squared,
            {% endfor %}
        {% endfor %}
        count(*) as subject_count
    from subjects
    group by comparison_number, recency, frequency, contacts, third, generation

)

select * from final

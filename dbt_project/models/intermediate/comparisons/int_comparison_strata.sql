{%- set sums = comparison_sums() -%}
{%- do sums.update({'count': 1}) -%}
{%- for known in comparison_balance() -%}
    {%- do sums.update({known: known, known ~ '_squared': known ~ ' * ' ~ known}) -%}
{%- endfor -%}
{%- set stratum = 'comparison_number, recency, frequency, contacts, third, generation' -%}

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
        case when contact_count >= 2 then 2 else contact_count end as contacts
    from {{ ref('int_comparison_histories') }}

),

-- Each side of a stratum by itself, so that a person is added up once.
sides as (

    select
        {% for name, summand in sums.items() %}
            sum({{ summand }}) as {{ name }},
        {% endfor %}
        had_it,
        {{ stratum }}
    from subjects
    group by had_it, {{ stratum }}

),

-- Each side is one row: the largest is the only one, and stays the integer that it is.
final as (

    select
        {% for side, is_side in {'had': 'had_it', 'others': 'not had_it'}.items() %}
            {% for name in sums %}
                coalesce(max({{ name }}) filter (where {{ is_side }}), 0) as {{ side }}_{{ name }},
            {% endfor %}
        {% endfor %}
        {{ stratum }}
    from sides
    group by {{ stratum }}

)

select * from final

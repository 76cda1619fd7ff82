{#- What a metric may need. -#}
{%- set entities = [
    'campaign_costs', 'campaign_touches', 'effort_ratings', 'messages', 'orders',
    'satisfaction_ratings', 'survey_responses', 'ticket_events', 'tickets',
] -%}

with counts as (

    select * from {{ ref('int_record_counts') }}

),

loaded as (

    {% for entity in entities %}
        select
            '{{ entity }}' as entity,
            exists(select 1 from {{ ref('stg_' ~ entity) }}) as is_there

        union all

    {% endfor %}

    {% for settings in ['promises', 'targets'] %}
        select
            '{{ settings }}' as entity,
            exists(select 1 from {{ source('concord', settings) }}) as is_there

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

-- Of entities whose persons nobody counts nothing is held against them.
persons as (

    select
        entity,
        sum(named_count) > 0 as has_persons
    from counts
    group by entity

),

final as (

    select
        loaded.entity,
        loaded.is_there,
        coalesce(persons.has_persons, true) as has_persons
    from loaded
    left join persons on loaded.entity = persons.entity

)

select * from final

{%- set answers = {
    'int_survey_responses': ('response_key', 'answered_at', 'survey_answer'),
    'int_satisfaction_ratings': ('rating_key', 'rated_at', 'rating'),
    'int_effort_ratings': ('rating_key', 'rated_at', 'effort_answer'),
} -%}

with final as (

    {% for model, (key, answered_at, kind) in answers.items() %}
        select
            {{ key }} as touch_key,
            person_number,
            {{ answered_at }} as touched_at,
            '{{ kind }}' as kind,
            cast(null as {{ dbt.type_string() }}) as department,
            'outcome' as role,
            coalesce(channel, 'unknown') as channel,
            false as is_public,
            'none' as campaign,
            {{ 'null' if kind == 'survey_answer' else 'ticket_key' }} as ticket_key,
            source_name
        from {{ ref(model) }}
        where person_number is not null

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

)

select * from final

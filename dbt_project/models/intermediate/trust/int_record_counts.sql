{%- set records = [
    ('orders', 'int_orders', 'ordered_at', 'true'),
    ('messages', 'int_messages', 'sent_at', "direction = 'inbound'"),
    ('tickets', 'int_conversations', 'opened_at', "conversation_kind = 'ticket'"),
    ('satisfaction_ratings', 'int_satisfaction_ratings', 'rated_at', 'true'),
    ('effort_ratings', 'int_effort_ratings', 'rated_at', 'true'),
    ('survey_responses', 'int_survey_responses', 'answered_at', 'true'),
    ('campaign_touches', 'int_sends', 'sent_at', 'true'),
    ('experiences', 'int_experiences', 'experienced_at', 'true'),
] -%}

with persons as (

    select * from {{ ref('int_persons') }}

),

-- An id or a handle that no list of customers has is somebody, but nobody whom we know.
final as (

    {% for entity, model, time, condition in records %}
        select
            '{{ entity }}' as entity,
            records.source_name,
            records.period_start,
            count(*) as record_count,
            count(records.person_number) as named_count,
            count(*) filter (where persons.is_customer) as matched_count,
            max(records.{{ time }}) as newest_at
        from {{ ref(model) }} as records
        left join persons on records.person_number = persons.person_number
        where
            {{ is_reported_month('records.period_start') }}
            and {{ condition }}
        group by 1, 2, 3

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

)

select * from final

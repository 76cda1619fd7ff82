{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('record_months_to_count')) }}",
        indexes=[{"columns": ["period_start", "entity", "source_name"], "unique": true}],
        schema="intermediate"
    )
}}

{%- set records = [
    ("orders", "int_orders", "order_key", "ordered_at", "true"),
    ("messages", "int_messages", "message_key", "sent_at", "direction = 'inbound'"),
    ("tickets", "int_conversations", "substring(conversation_key, length('ticket:') + 1)",
        "opened_at", "conversation_kind = 'ticket'"),
    ("satisfaction_ratings", "int_satisfaction_ratings", "rating_key", "rated_at", "true"),
    ("survey_responses", "int_survey_responses", "response_key", "answered_at", "true"),
    ("campaign_touches", "int_sends", "touch_key", "sent_at", "true"),
] %}

with persons as (
    select * from {{ ref("int_persons") }}
),

records as (
    {% for entity, model, key, time, condition in records %}
        select
            '{{ entity }}' as entity,
            substring({{ key }}, 1, position(':' in {{ key }}) - 1) as source_name,
            person_id,
            period_start,
            {{ time }} as happened_at
        from {{ ref(model) }}
        where {{ condition }} and {{ of_months(ref("record_months_to_count")) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A handle that no customer record carries is somebody, but nobody whom we know.
final as (
    select
        records.entity,
        records.source_name,
        records.period_start,
        count(*) as record_count,
        count(*) filter (where persons.customer_count > 0) as matched_count,
        max(records.happened_at) as newest_at
    from records
    left join persons
        on records.person_id = persons.person_id
    group by records.entity, records.source_name, records.period_start
)

select * from final

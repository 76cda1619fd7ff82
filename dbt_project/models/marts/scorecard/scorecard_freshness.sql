{{ config(materialized="view", schema="intermediate") }}

{%- set times = [
    ("orders", "int_orders", "ordered_at"),
    ("messages", "int_messages", "sent_at"),
    ("tickets", "int_conversations", "opened_at"),
    ("satisfaction_ratings", "int_satisfaction_ratings", "rated_at"),
    ("survey_responses", "int_survey_responses", "answered_at"),
    ("campaign_touches", "int_sends", "sent_at"),
] %}

with definitions as (
    select * from {{ ref("metric_catalogue") }}
),

newest as (
    {% for entity, model, column in times %}
    select
        '{{ entity }}' as entity,
        max({{ column }}) as newest_at
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A metric is as fresh as the stalest of the entities that it needs.
final as (
    select
        definitions.metric_id,
        least({{ as_of() }}, coalesce(min(newest.newest_at), {{ as_of() }})) as data_as_of
    from definitions
    left join newest
        on ',' || definitions.needs || ',' like '%,' || newest.entity || ',%'
    group by definitions.metric_id
)

select * from final

-- What happened to a person, what a department did, and what one was told in a campaign.
with happened as (

    select
        'event' as event_kind,
        event,
        person_number,
        began_at,
        happened_at
    from {{ ref('int_conversation_events') }}

    union all

    select
        'event' as event_kind,
        'detractor' as event,
        person_number,
        answered_at as began_at,
        answered_at as happened_at
    from {{ ref('int_survey_responses') }}
    where is_usable and survey_kind = 'relational' and score <= 6

    union all

    select
        'event' as event_kind,
        case when is_kept then 'kept_promise' else 'broken_promise' end as event,
        person_number,
        began_at,
        decided_at as happened_at
    from {{ ref('int_promise_outcomes') }}
    where decided_at is not null

    union all

    select
        'event' as event_kind,
        'crisis_voice' as event,
        person_number,
        sent_at as began_at,
        sent_at as happened_at
    from {{ ref('int_crisis_mentions') }}

    {% for kind, model in [('touch', 'int_touch_events'), ('exposure', 'int_promise_exposures')] %}
        union all

        select
            '{{ kind }}' as event_kind,
            event,
            person_number,
            began_at,
            happened_at
        from {{ ref(model) }}
    {% endfor %}

),

months as (

    select * from {{ ref('int_months') }}
    where {{ is_known_after(comparison_outcomes().values() | min) }}

),

-- A person counts once a month and event. What began with it was not known before it.
final as (

    select
        happened.event_kind,
        happened.event,
        months.period_start,
        happened.person_number,
        least(min(happened.began_at), min(happened.happened_at)) as known_until,
        min(happened.happened_at) as happened_at
    from happened
    inner join months
        on {{ month_start(local_date('happened.happened_at')) }} = months.period_start
    where happened.person_number is not null
    group by 1, 2, 3, 4

)

select * from final

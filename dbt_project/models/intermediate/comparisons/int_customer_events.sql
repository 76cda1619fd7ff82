with final as (

    select
        event,
        person_number,
        began_at,
        happened_at
    from {{ ref('int_conversation_events') }}

    union all

    select
        'detractor' as event,
        person_number,
        answered_at as began_at,
        answered_at as happened_at
    from {{ ref('int_survey_responses') }}
    where is_usable and survey_kind = 'relational' and score <= 6

    union all

    select
        case when is_kept then 'kept_promise' else 'broken_promise' end as event,
        person_number,
        began_at,
        decided_at as happened_at
    from {{ ref('int_promise_outcomes') }}
    where decided_at is not null

    union all

    select
        'crisis_voice' as event,
        person_number,
        sent_at as began_at,
        sent_at as happened_at
    from {{ ref('int_crisis_mentions') }}

)

select * from final

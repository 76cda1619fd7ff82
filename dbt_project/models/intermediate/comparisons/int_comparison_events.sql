with touches as (

    select
        'service' as department,
        coalesce(channel, 'unknown') as channel,
        person_number,
        opened_at as began_at,
        first_reply_at as happened_at
    from {{ ref('int_conversations') }}
    where first_reply_at is not null

    union all

    select
        'marketing' as department,
        channel,
        person_number,
        sent_at as began_at,
        sent_at as happened_at
    from {{ ref('int_sends') }}
    where is_delivered

),

happened as (

    select * from {{ ref('int_conversation_events') }}

    union all

    select
        'detractor' as event,
        person_number,
        answered_at as began_at,
        answered_at as happened_at
    from {{ ref('int_survey_responses') }}
    where is_usable and survey_kind = 'relational' and score <= 6

    {% for event in ['department', "department || ' ' || channel"] %}

        union all

        select
            {{ event }} as event,
            person_number,
            began_at,
            happened_at
        from touches

    {% endfor %}

),

months as (

    select * from {{ ref('int_months') }}
    where {{ is_known_after(comparison_outcomes().values() | min) }}

),

-- A person counts once a month and event. What began with it was not known before it.
final as (

    select
        happened.event,
        months.period_start,
        happened.person_number,
        least(min(happened.began_at), min(happened.happened_at)) as known_until,
        min(happened.happened_at) as happened_at
    from happened
    inner join months
        on {{ month_start(local_date('happened.happened_at')) }} = months.period_start
    where happened.person_number is not null
    group by happened.event, months.period_start, happened.person_number

)

select * from final

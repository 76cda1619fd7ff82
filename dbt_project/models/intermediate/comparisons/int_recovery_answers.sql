-- One answer a month, the latest, as csat and nps count a ticket's and a person's.
with answers as (

    select
        'satisfaction' as event,
        ratings.person_number,
        ratings.rated_at as answered_at,
        ratings.period_start,
        least(ratings.rated_at, coalesce(tickets.created_at, ratings.rated_at)) as began_at,
        case when ratings.is_satisfied then 1 else 0 end as points
    from {{ ref('int_satisfaction_ratings') }} as ratings
    left join {{ ref('int_tickets') }} as tickets on ratings.ticket_key = tickets.ticket_key
    where ratings.is_satisfied is not null

    union all

    select
        'recommendation' as event,
        person_number,
        answered_at,
        period_start,
        answered_at as began_at,
        case when score >= 9 then 1 when score <= 6 then -1 else 0 end as points
    from {{ ref('int_survey_responses') }}
    where is_usable and survey_kind = 'relational'

),

ranked as (

    select
        *,
        row_number() over (
            partition by event, person_number, period_start
            order by answered_at desc, points desc
        ) as position
    from answers
    where person_number is not null

),

final as (

    select
        event,
        person_number,
        answered_at,
        began_at,
        points
    from ranked
    where position = 1

)

select * from final

{%- set days = 90 -%}

with complaints as (

    select * from {{ ref('int_conversation_events') }}
    where event in ('complaint', 'solved_complaint')

),

answers as (

    select * from {{ ref('int_recovery_answers') }}

),

-- Of several complaints before an answer the first one is where what was known before ends.
answered as (

    select
        answers.event,
        answers.person_number,
        answers.answered_at,
        answers.began_at,
        answers.points,
        count(complaints.person_number) as complaint_count,
        min(complaints.began_at) filter (where complaints.event = 'solved_complaint')
            as complained_at
    from answers
    left join complaints
        on
            answers.person_number = complaints.person_number
            and answers.answered_at > complaints.happened_at
            and complaints.happened_at >= {{ days_after('answers.answered_at', -days) }}
    group by 1, 2, 3, 4, 5

),

final as (

    select
        case when complained_at is null then 'usual_' || event else event end as event,
        person_number,
        least(began_at, coalesce(complained_at, began_at)) as began_at,
        answered_at as happened_at,
        points
    from answered
    where complained_at is not null or complaint_count = 0

    union all

    select
        'repurchase' as event,
        person_number,
        began_at,
        happened_at,
        null as points
    from complaints
    where event = 'solved_complaint'

)

select * from final

with answered as (

    select * from {{ ref('int_satisfaction_ratings') }}

),

tickets as (

    select distinct ticket_key from answered

),

-- Some desks write question and answer as two rows: a ticket that was answered isn't asked again.
unanswered as (

    select
        questions.*,
        coalesce(questions.offered_at, questions.rated_at) as asked_at
    from {{ ref('int_satisfaction_questions') }} as questions
    left join tickets on questions.ticket_key = tickets.ticket_key
    where
        (questions.rated_at is null or questions.score is null)
        and coalesce(questions.offered_at, questions.rated_at) is not null
        and tickets.ticket_key is null

),

ranked as (

    select
        *,
        {{ rank_of_ticket('asked_at asc, rating_key asc') }} as position
    from unanswered

),

final as (

    select
        rating_key,
        ticket_key,
        person_number,
        rated_at as counted_at,
        period_start,
        channel,
        brand,
        team,
        topic,
        score,
        scale_max,
        case when is_satisfied then 1 else 0 end as satisfied_count,
        case when is_satisfied is null then 0 else 1 end as answered_count,
        case when is_satisfied is null then 1 else 0 end as unusable_count
    from answered

    union all

    select
        rating_key,
        ticket_key,
        person_number,
        asked_at as counted_at,
        {{ month_start(local_date('asked_at')) }} as period_start,
        channel,
        brand,
        team,
        topic,
        null as score,
        null as scale_max,
        0 as satisfied_count,
        0 as answered_count,
        0 as unusable_count
    from ranked
    where position = 1

)

select * from final

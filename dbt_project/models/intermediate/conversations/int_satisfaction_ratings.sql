with answered as (

    select
        *,
        {{ month_start(local_date('rated_at')) }} as period_start,
        case when score <= scale_max then score >= least_satisfied_score end as is_satisfied
    from {{ ref('int_satisfaction_questions') }}
    where rated_at is not null and score is not null

),

-- Of a ticket's answers in a month the latest counts; one that nobody can read yields to others.
ranked as (

    select
        *,
        {{ rank_of_ticket(
            '(is_satisfied is null) asc, rated_at desc, rating_key desc', ['period_start']
        ) }} as recency_rank
    from answered

),

final as (

    select
        rating_key,
        ticket_key,
        person_number,
        rated_at,
        period_start,
        score,
        scale_max,
        is_satisfied,
        channel,
        brand,
        team,
        topic,
        source_name
    from ranked
    where recency_rank = 1

)

select * from final

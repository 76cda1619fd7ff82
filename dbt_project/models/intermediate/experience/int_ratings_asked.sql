with answered as (

    select * from {{ ref('int_satisfaction_ratings') }}

),

offered as (

    select * from {{ ref('int_satisfaction_questions') }}
    where rated_at is null and offered_at is not null

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
        1 as answered_count
    from answered

    union all

    select
        rating_key,
        ticket_key,
        person_number,
        offered_at as counted_at,
        {{ month_start(local_date('offered_at')) }} as period_start,
        channel,
        brand,
        team,
        topic,
        null as score,
        null as scale_max,
        0 as satisfied_count,
        0 as answered_count
    from offered

)

select * from final

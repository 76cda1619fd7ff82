with answered as (

    select
        *,
        {{ local_date('rated_at') }} as rated_date
    from {{ ref('int_satisfaction_questions') }}
    where rated_at is not null and score is not null

),

final as (

    select
        rating_key,
        ticket_key,
        person_number,
        rated_at,
        {{ month_start('rated_date') }} as period_start,
        score,
        scale_max,
        case
            when scale_max = 1 then score >= 1
            else score >= 4
        end as is_satisfied,
        channel,
        brand,
        team,
        topic,
        source_name
    from answered

)

select * from final

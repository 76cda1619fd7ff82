with responses as (

    select * from {{ ref('int_survey_responses') }}
    where
        person_number is not null
        and {{ is_reported_month('period_start') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_number, quarter_start, survey_kind
            order by answered_at desc, response_key desc
        ) as recency_rank,
        score >= 9 as is_promoter,
        score <= 6 as is_detractor,
        survey_kind = 'relational' as is_counted
    from responses

),

final as (

    select
        ranked.response_key,
        persons.person_id,
        ranked.quarter_start,
        ranked.period_start,
        ranked.answered_at,
        ranked.survey_kind,
        ranked.score,
        persons.generation,
        coalesce(ranked.channel, 'unknown') as channel,
        coalesce(ranked.brand, 'unknown') as brand,
        ranked.is_promoter,
        ranked.is_detractor,
        ranked.is_counted,
        case
            when ranked.is_counted and ranked.is_promoter then 1
            when ranked.is_counted and ranked.is_detractor then -1
            else 0
        end as nps_contribution
    from ranked
    inner join persons on ranked.person_number = persons.person_number
    where ranked.recency_rank = 1

)

select * from final

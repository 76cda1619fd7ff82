with responses as (

    select * from {{ ref('int_survey_responses') }}
    where {{ is_reported_month('period_start') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

-- Nobody knows of two anonymous answers whether one person gave them: each counts as itself.
ranked as (

    select
        *,
        row_number() over (
            partition by
                person_number,
                case when person_number is null then response_key end,
                period_start,
                survey_kind
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
        ranked.period_start,
        ranked.answered_at,
        ranked.survey_kind,
        ranked.score,
        coalesce(persons.generation, 'unknown') as generation,
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
    left join persons on ranked.person_number = persons.person_number
    where ranked.recency_rank = 1

)

select * from final

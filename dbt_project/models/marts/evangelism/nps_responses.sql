{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('survey_months_to_measure')) }}",
        indexes=[
            {"columns": ["response_key"], "unique": true},
            {"columns": ["person_id", "quarter_start", "survey_kind"], "unique": true},
            {"columns": ["period_start"]}
        ]
    )
}}

with responses as (
    select * from {{ ref("int_survey_responses") }}
    where
        person_id is not null
        and {{ of_months(ref("survey_months_to_measure")) }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_id, quarter_start, survey_kind
            order by answered_at desc, response_key desc
        ) as recency_rank
    from responses
),

latest as (
    select
        ranked.*,
        coalesce(persons.generation, 'unknown') as generation,
        ranked.score >= 9 as is_promoter,
        ranked.score <= 6 as is_detractor,
        ranked.survey_kind = 'relational' as is_counted
    from ranked
    left join persons
        on ranked.person_id = persons.person_id
    where ranked.recency_rank = 1
),

final as (
    select
        response_key,
        person_id,
        quarter_start,
        period_start,
        answered_at,
        survey_kind,
        score,
        generation,
        coalesce(channel, 'unknown') as channel,
        coalesce(brand, 'unknown') as brand,
        is_promoter,
        is_detractor,
        is_counted,
        case
            when is_counted and is_promoter then 1
            when is_counted and is_detractor then -1
            else 0
        end as nps_contribution
    from latest
)

select * from final

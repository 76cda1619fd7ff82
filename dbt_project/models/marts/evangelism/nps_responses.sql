{%- set ranks = {'rank_of_person': 'survey_kind', 'rank_of_brand': 'survey_kind, brand'} -%}

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
        {% for name, kind in ranks.items() %}
            row_number() over (
                partition by
                    person_number,
                    case when person_number is null then response_key end,
                    period_start,
                    {{ kind }}
                order by is_usable desc, answered_at desc, response_key desc
            ) as {{ name }},
        {% endfor %}
        is_usable and score >= 9 as is_promoter,
        is_usable and score <= 6 as is_detractor
    from responses

),

-- The latest answer of all counts for the company, the latest about a brand for the brand.
judged as (

    select
        *,
        rank_of_person = 1 as is_latest,
        is_usable and survey_kind = 'relational' as is_counted_by_brand,
        case when is_promoter then 1 when is_detractor then -1 else 0 end as contribution
    from ranked
    where rank_of_brand = 1

),

final as (

    select
        judged.response_key,
        persons.person_id,
        judged.period_start,
        judged.answered_at,
        judged.survey_kind,
        judged.score,
        coalesce(persons.generation, 'unknown') as generation,
        coalesce(judged.channel, 'unknown') as channel,
        coalesce(judged.brand, 'unknown') as brand,
        judged.is_usable,
        judged.is_latest,
        judged.is_promoter,
        judged.is_detractor,
        judged.is_latest and judged.is_counted_by_brand as is_counted,
        judged.is_counted_by_brand,
        case when judged.is_latest and judged.is_counted_by_brand then contribution else 0 end
            as nps_contribution,
        case when judged.is_counted_by_brand then contribution else 0 end
            as nps_contribution_by_brand
    from judged
    left join persons on judged.person_number = persons.person_number

)

select * from final

{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('experience_months_to_measure')) }}",
        indexes=[{"columns": ["rating_key"], "unique": true}, {"columns": ["period_start"]}]
    )
}}

with asked as (
    select * from {{ ref("ratings_asked") }}
    where {{ of_months(ref("experience_months_to_measure")) }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

final as (
    select
        asked.rating_key,
        asked.ticket_key,
        asked.person_id,
        asked.counted_at,
        asked.period_start,
        coalesce(asked.channel, 'unknown') as channel,
        coalesce(asked.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        asked.score,
        asked.scale_max,
        asked.satisfied_count,
        asked.answered_count,
        1 as asked_count
    from asked
    left join persons
        on asked.person_id = persons.person_id
)

select * from final

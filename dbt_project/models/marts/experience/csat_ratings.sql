{{ config(materialized="incremental", unique_key="period_start") }}

with answered as (
    select * from {{ ref("int_satisfaction_ratings") }}
),

offered as (
    select * from {{ ref("int_satisfaction_ratings_unioned") }}
    where rated_at is null and offered_at is not null
),

links as (
    select * from {{ ref("int_person_links") }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

unanswered as (
    select
        offered.rating_key,
        offered.ticket_key,
        links.person_id,
        offered.offered_at as asked_at,
        {{ month_start(local_date("offered.offered_at")) }} as period_start,
        offered.channel,
        offered.brand
    from offered
    left join links
        on offered.customer_key = links.customer_key
    where not coalesce(links.is_excluded, false)
),

asked as (
    select
        rating_key,
        ticket_key,
        person_id,
        rated_at as asked_at,
        period_start,
        channel,
        brand,
        score,
        scale_max,
        case when is_satisfied then 1 else 0 end as satisfied_count,
        1 as answered_count
    from answered
    union all
    select
        *,
        null as score,
        null as scale_max,
        0 as satisfied_count,
        0 as answered_count
    from unanswered
),

final as (
    select
        asked.rating_key,
        asked.ticket_key,
        asked.person_id,
        asked.asked_at,
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
    {{ only_months_to_refresh("asked.period_start", ["service"]) }}
)

select * from final

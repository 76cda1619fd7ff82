{{ config(materialized="view", schema="intermediate") }}

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

final as (
    select
        rating_key,
        ticket_key,
        person_id,
        rated_at as counted_at,
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
        offered.rating_key,
        offered.ticket_key,
        links.person_id,
        offered.offered_at as counted_at,
        {{ month_start(local_date("offered.offered_at")) }} as period_start,
        offered.channel,
        offered.brand,
        null as score,
        null as scale_max,
        0 as satisfied_count,
        0 as answered_count
    from offered
    left join links
        on offered.customer_key = links.customer_key
    where not coalesce(links.is_excluded, false)
)

select * from final

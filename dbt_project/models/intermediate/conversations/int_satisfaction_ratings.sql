with ratings as (

    select
        *,
        {{ local_date('rated_at') }} as rated_date
    from {{ ref('int_satisfaction_ratings_unioned') }}
    where rated_at is not null and score is not null

),

tickets as (

    select * from {{ ref('int_tickets_unioned') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        ratings.rating_key,
        ratings.ticket_key,
        links.person_id,
        ratings.rated_at,
        {{ month_start('ratings.rated_date') }} as period_start,
        ratings.score,
        ratings.scale_max,
        case
            when ratings.scale_max = 1 then ratings.score >= 1
            else ratings.score >= 4
        end as is_satisfied,
        coalesce(ratings.channel, tickets.channel) as channel,
        coalesce(ratings.brand, tickets.brand) as brand,
        coalesce(ratings.agent_key, tickets.agent_key) as agent_key,
        ratings.loaded_at
    from ratings
    left join tickets on ratings.ticket_key = tickets.ticket_key
    left join links on coalesce(ratings.customer_key, tickets.customer_key) = links.customer_key
    where links.is_excluded is null or not links.is_excluded

)

select * from final

-- Which answers satisfied is known of two scales only: five points, and good or bad.
with ratings as (

    select * from {{ ref('int_satisfaction_ratings_unioned') }}
    where coalesce(scale_max, 5) in (1, 5)

),

tickets as (

    select * from {{ ref('int_tickets_known') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        ratings.rating_key,
        ratings.ticket_key,
        links.person_id,
        ratings.offered_at,
        ratings.rated_at,
        ratings.score,
        ratings.scale_max,
        coalesce(ratings.channel, tickets.channel) as channel,
        coalesce(ratings.brand, tickets.brand) as brand,
        coalesce(ratings.agent_key, tickets.agent_key) as agent_key,
        ratings.loaded_at
    from ratings
    left join tickets on ratings.ticket_key = tickets.ticket_key
    left join links on coalesce(ratings.customer_key, tickets.customer_key) = links.customer_key
    where
        not coalesce(tickets.is_excluded, false)
        and (links.is_excluded is null or not links.is_excluded)

)

select * from final

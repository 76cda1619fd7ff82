with ratings as (

    select
        *,
        {{ global_key('rating_id') }} as rating_key,
        {{ global_key('ticket_id', of='tickets') }} as ticket_key,
        {{ global_key('customer_id', of='customers') }} as customer_key,
        {{ month_start(local_date('rated_at')) }} as period_start
    from {{ ref('stg_effort_ratings') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

-- As of satisfaction: an answer takes from its ticket what it doesn't say itself.
answered as (

    select
        ratings.rating_key,
        ratings.ticket_key,
        links.person_number,
        ratings.rated_at,
        ratings.period_start,
        ratings.score,
        ratings.scale_max,
        ratings.score <= ratings.scale_max as is_usable,
        coalesce(ratings.channel, tickets.channel) as channel,
        coalesce(ratings.brand, tickets.brand) as brand,
        ratings.source_name
    from ratings
    left join tickets on ratings.ticket_key = tickets.ticket_key
    left join links on coalesce(ratings.customer_key, tickets.customer_key) = links.customer_key
    where
        not coalesce(tickets.is_excluded, false)
        and (links.is_excluded is null or not links.is_excluded)

),

final as (

    select
        *,
        {{ rank_of_ticket(
            'is_usable desc, rated_at desc, rating_key desc', ['period_start']
        ) }} as recency_rank
    from answered

)

select * from final
where recency_rank = 1

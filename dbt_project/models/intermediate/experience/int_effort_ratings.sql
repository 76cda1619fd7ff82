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

-- As of satisfaction: the latest of a ticket's answers in a month, and from it what they don't say.
ranked as (

    select
        ratings.*,
        links.person_number,
        coalesce(ratings.channel, tickets.channel) as rated_channel,
        coalesce(ratings.brand, tickets.brand) as rated_brand,
        ratings.score <= ratings.scale_max as is_usable,
        row_number() over (
            partition by
                ratings.ticket_key,
                case when ratings.ticket_key is null then ratings.rating_key end,
                ratings.period_start
            order by
                (ratings.score <= ratings.scale_max) desc,
                ratings.rated_at desc,
                ratings.rating_key desc
        ) as recency_rank
    from ratings
    left join tickets on ratings.ticket_key = tickets.ticket_key
    left join links on coalesce(ratings.customer_key, tickets.customer_key) = links.customer_key
    where
        not coalesce(tickets.is_excluded, false)
        and (links.is_excluded is null or not links.is_excluded)

),

final as (

    select
        rating_key,
        ticket_key,
        person_number,
        rated_at,
        period_start,
        score,
        scale_max,
        is_usable,
        rated_channel as channel,
        rated_brand as brand,
        source_name
    from ranked
    where recency_rank = 1

)

select * from final

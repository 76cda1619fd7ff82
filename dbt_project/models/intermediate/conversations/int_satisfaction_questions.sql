-- The middle of three answers satisfies nobody; which of more than ten do, only the source can say.
with ratings as (

    select
        *,
        {{ global_key('rating_id') }} as rating_key,
        {{ global_key('ticket_id', of='tickets') }} as ticket_key,
        {{ global_key('customer_id', of='customers') }} as customer_key,
        {{ global_key('agent_id', of='agents') }} as agent_key,
        case
            when satisfied_from is not null then satisfied_from
            when scale_max <= 3 then scale_max
            when scale_max <= 10 then scale_max - 1
        end as least_satisfied_score
    from {{ ref('stg_satisfaction_ratings') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}

),

agents as (

    select * from {{ ref('int_agents') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

-- A rating takes from its ticket what it doesn't say itself.
final as (

    select
        ratings.rating_key,
        ratings.ticket_key,
        links.person_number,
        ratings.offered_at,
        ratings.rated_at,
        ratings.score,
        ratings.scale_max,
        ratings.least_satisfied_score,
        coalesce(ratings.channel, tickets.channel) as channel,
        coalesce(ratings.brand, tickets.brand) as brand,
        coalesce(agents.team, tickets.team) as team,
        tickets.topic,
        ratings.source_name
    from ratings
    left join tickets on ratings.ticket_key = tickets.ticket_key
    left join agents on ratings.agent_key = agents.agent_key
    left join links on coalesce(ratings.customer_key, tickets.customer_key) = links.customer_key
    where
        not coalesce(tickets.is_excluded, false)
        and (links.is_excluded is null or not links.is_excluded)

)

select * from final

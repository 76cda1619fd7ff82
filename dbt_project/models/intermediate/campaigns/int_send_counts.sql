with sends as (

    select * from {{ ref('int_sends') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

-- Before the first known conversation nobody can have a complaint: the rate would be 0 by itself.
conversations as (

    select min(period_start) as known_from from {{ ref('conversations') }}

),

final as (

    select
        sends.campaign,
        sends.channel,
        sends.brand,
        coalesce(persons.generation, 'unknown') as generation,
        sends.period_start,
        count(*) as send_count,
        count(*) filter (where sends.is_delivered) as delivered_count,
        count(persons.person_number) filter (where sends.period_start >= conversations.known_from)
            as judged_send_count
    from sends
    left join persons on sends.person_number = persons.person_number
    cross join conversations
    group by 1, 2, 3, 4, 5

)

select * from final

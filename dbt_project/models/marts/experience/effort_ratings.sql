with ratings as (

    select * from {{ ref('int_effort_ratings') }}
    where {{ is_reported_month('period_start') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        ratings.rating_key,
        ratings.ticket_key,
        persons.person_id,
        ratings.rated_at,
        ratings.period_start,
        coalesce(ratings.channel, 'unknown') as channel,
        coalesce(ratings.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        'up to ' || cast(ratings.scale_max as {{ dbt.type_string() }}) as scale,
        ratings.score,
        case when ratings.is_usable then ratings.score else 0 end as counted_score,
        case when ratings.is_usable then 1 else 0 end as answered_count
    from ratings
    left join persons on ratings.person_number = persons.person_number

)

select * from final

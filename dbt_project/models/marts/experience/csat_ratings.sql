with asked as (

    select * from {{ ref('int_ratings_asked') }}
    where {{ is_reported_month('period_start') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

conversations as (

    select * from {{ ref('int_conversations') }}

),

final as (

    select
        asked.rating_key,
        asked.ticket_key,
        persons.person_id,
        asked.counted_at,
        asked.period_start,
        coalesce(asked.channel, 'unknown') as channel,
        coalesce(asked.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        coalesce(asked.team, 'unknown') as team,
        coalesce(asked.topic, 'unknown') as topic,
        {{ part_of_day('coalesce(conversations.first_reply_at, asked.counted_at)') }} as shift,
        asked.score,
        asked.scale_max,
        asked.satisfied_count,
        asked.answered_count,
        asked.unusable_count,
        1 as asked_count
    from asked
    left join persons on asked.person_number = persons.person_number
    left join conversations
        on
            'ticket:' || asked.ticket_key = conversations.conversation_key
            and asked.counted_at >= conversations.first_reply_at

)

select * from final

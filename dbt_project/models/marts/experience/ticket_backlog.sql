with months as (

    select * from {{ ref('ticket_months') }}

),

rounds as (

    select * from {{ ref('ticket_rounds') }}

),

final as (

    select
        months.period_start,
        rounds.conversation_key,
        rounds.person_id,
        rounds.channel,
        rounds.brand,
        rounds.generation,
        rounds.campaign,
        rounds.team,
        rounds.topic,
        rounds.begins_at,
        1 as unsolved_count
    from months
    inner join rounds on {{ lies_in('months.period_start', 'rounds') }}

)

select * from final

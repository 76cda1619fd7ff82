with moods as (

    select * from {{ ref('int_conversation_moods') }}
    where first_label = 'negative'

),

conversations as (

    select * from {{ ref('int_conversations') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

-- Who said one thing only had no chance to say that it is better now.
final as (

    select
        conversations.conversation_key,
        conversations.conversation_kind,
        persons.person_id,
        conversations.opened_at,
        conversations.period_start,
        {{ conversation_segments('conversations', 'persons') }},
        moods.scored_count,
        moods.last_label as last_sentiment_label,
        moods.scored_count > 1 as is_judged,
        moods.scored_count > 1 and moods.last_label <> 'negative' as is_recovered
    from moods
    inner join conversations on moods.conversation_number = conversations.conversation_number
    left join persons on conversations.person_number = persons.person_number

)

select * from final

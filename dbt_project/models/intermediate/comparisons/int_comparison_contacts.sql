{%- set days = comparison_counts()['contacts_within_30_days'] -%}

-- What is asked of a promise's campaign is who turns to us about its topic afterwards.
with exposed as (

    select
        comparisons.comparison_number,
        promises.topic
    from {{ ref('int_comparisons') }} as comparisons
    inner join {{ source('concord', 'promises') }} as promises
        on comparisons.event = promises.promise_id
    where comparisons.event_kind = 'exposure'

),

subjects as (

    select * from {{ ref('int_comparison_subjects') }}

),

conversations as (

    select * from {{ ref('int_conversations') }}

),

final as (

    select
        subjects.comparison_number,
        subjects.person_number,
        count(*) as contact_count
    from exposed
    inner join subjects on exposed.comparison_number = subjects.comparison_number
    inner join conversations
        on
            subjects.person_number = conversations.person_number
            and subjects.happened_at < conversations.opened_at
            and conversations.opened_at
            <= {{ days_after('subjects.happened_at', days) }}
            and (exposed.topic is null or exposed.topic = conversations.topic)
    group by 1, 2

)

select * from final

{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('experience_months_to_measure')) }}",
        indexes=[{"columns": ["conversation_key"], "unique": true}, {"columns": ["period_start"]}]
    )
}}

with conversations as (
    select * from {{ ref("int_conversations") }}
    where {{ of_months(ref("experience_months_to_measure")) }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

observed as (
    select * from {{ ref("conversation_horizons") }}
),

-- What comes after the horizon doesn't count: a month's figures are final 60 days after it.
judged as (
    select
        conversations.*,
        observed.observed_minutes,
        observed.observed_business_minutes,
        observed.is_reply_due_24h,
        coalesce(persons.generation, 'unknown') as generation,
        case when is_answer_known and conversation_kind = 'ticket' then 1 else 0 end
            as ticket_count,
        case when is_answer_known and conversation_kind = 'social' then 1 else 0 end
            as social_count,
        case when is_solve_known then 1 else 0 end as solvable_count,
        coalesce(conversations.first_reply_minutes <= {{ observation_minutes() }}, false)
            as is_replied_in_time,
        coalesce(conversations.resolution_minutes <= {{ observation_minutes() }}, false)
            as is_solved_in_time
    from conversations
    inner join observed
        on conversations.conversation_key = observed.conversation_key
    left join persons
        on conversations.person_id = persons.person_id
),

final as (
    select
        conversation_key,
        conversation_kind,
        person_id,
        opened_at,
        opened_date,
        period_start,
        coalesce(channel, 'unknown') as channel,
        coalesce(brand, 'unknown') as brand,
        generation,
        coalesce(campaign_key, 'none') as campaign,
        topic,
        is_public,
        is_complaint,
        is_open,
        first_reply_at,
        solved_at,
        first_reply_minutes,
        first_reply_business_minutes,
        resolution_minutes,
        resolution_business_minutes,
        observed_minutes,
        observed_business_minutes,
        is_replied_in_time,
        is_solved_in_time,
        ticket_count,
        case when is_replied_in_time then ticket_count else 0 end as ticket_replied_count,
        solvable_count,
        case when is_solved_in_time then solvable_count else 0 end as ticket_solved_count,
        social_count,
        case when is_replied_in_time then social_count else 0 end as social_replied_count,
        case when is_reply_due_24h then social_count else 0 end as social_due_24h_count,
        case when is_reply_due_24h and replied_within_24h then social_count else 0 end
            as social_replied_24h_count
    from judged
)

select * from final

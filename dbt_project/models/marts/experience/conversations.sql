-- What comes after the horizon doesn't count: a month's waits are final observation_days after it.
with judged as (

    select
        *,
        case
            when is_answer_known and conversation_kind = 'ticket' and asked_at is not null then 1
            else 0
        end as ticket_count,
        case when is_answer_known and conversation_kind = 'social' then 1 else 0 end
            as social_count,
        case when is_solve_known then 1 else 0 end as solvable_count,
        coalesce(first_reply_minutes <= {{ observation_minutes() }}, false) as is_replied_in_time,
        coalesce(resolution_minutes <= {{ observation_minutes() }}, false) as is_solved_in_time,
        coalesce(reply_state, solve_state) is not null as has_target,
        coalesce(reply_state = 'missed' or solve_state = 'missed', false) as is_missed,
        coalesce(reply_state, 'met') = 'met' and coalesce(solve_state, 'met') = 'met' as is_kept
    from {{ ref('int_conversation_targets') }}

),

final as (

    select
        judged.conversation_key,
        judged.conversation_kind,
        persons.person_id,
        judged.opened_at,
        judged.opened_date,
        judged.asked_at,
        judged.period_start,
        {{ conversation_segments('judged', 'persons') }},
        judged.priority,
        judged.is_public,
        judged.is_complaint,
        judged.is_open,
        judged.first_reply_at,
        judged.solved_at,
        judged.first_reply_minutes,
        judged.first_reply_business_minutes,
        judged.resolution_minutes,
        judged.resolution_business_minutes,
        judged.observed_minutes,
        judged.observed_business_minutes,
        judged.reply_observed_minutes,
        judged.reply_observed_business_minutes,
        judged.is_replied_in_time,
        judged.is_solved_in_time,
        judged.ticket_count,
        case when judged.is_replied_in_time then judged.ticket_count else 0 end
            as ticket_replied_count,
        judged.solvable_count,
        case when judged.is_solved_in_time then judged.solvable_count else 0 end
            as ticket_solved_count,
        judged.social_count,
        case when judged.is_replied_in_time then judged.social_count else 0 end
            as social_replied_count,
        case when judged.is_reply_due_24h then judged.social_count else 0 end
            as social_due_24h_count,
        case
            when judged.is_reply_due_24h and judged.replied_within_24h then judged.social_count
            else 0
        end as social_replied_24h_count,
        judged.conversation_kind = 'ticket' as is_ticket,
        judged.asked_at is not null as is_contact,
        judged.asked_at is not null and judged.is_public as is_public_contact,
        judged.has_target,
        judged.has_target and (judged.is_missed or judged.is_kept) as is_target_judged,
        judged.has_target and judged.is_kept as is_target_met
    from judged
    left join {{ ref('int_persons') }} as persons
        on judged.person_number = persons.person_number

)

select * from final

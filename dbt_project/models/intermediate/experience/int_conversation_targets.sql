with conversations as (

    select
        *,
        case
            when conversation_kind = 'ticket' then {{ first_that_fits(var('service_levels')) }}
        end as level_number
    from {{ ref('int_conversation_horizons') }}

),

levels as (

    {% for level in var('service_levels') %}
        select
            {{ loop.index0 }} as level_number,
            {{ (level['clock'] == 'business') | lower }} as is_by_business,
            {{ level['first_reply_minutes'] or 0 }} as reply_limit,
            {{ level['full_resolution_minutes'] or 0 }} as solve_limit
        {{ 'union all' if not loop.last }}
    {% else %}
        select
            0 as level_number,
            false as is_by_business,
            0 as reply_limit,
            0 as solve_limit
    {% endfor %}

),

-- A solve without a word is an answer, too: the desk may have called.
timed as (

    select
        conversations.*,
        levels.reply_limit,
        levels.solve_limit,
        least(first_reply_at, solved_at) as answered_at,
        case
            when levels.is_by_business
                then least(first_reply_business_minutes, resolution_business_minutes)
            else least(first_reply_minutes, resolution_minutes)
        end as answer_minutes,
        case
            when levels.is_by_business then resolution_business_minutes
            else resolution_minutes
        end as solve_minutes,
        case
            when levels.is_by_business then reply_observed_business_minutes
            else reply_observed_minutes
        end as answer_waited_minutes,
        case
            when levels.is_by_business then observed_business_minutes
            else observed_minutes
        end as solve_waited_minutes
    from conversations
    left join levels on conversations.level_number = levels.level_number

),

final as (

    select
        *,
        {{ target_state(
            'asked_at', 'answered_at', 'answer_minutes', 'answer_waited_minutes', 'reply_limit',
            'first_reply_due_at', 'is_answer_known'
        ) }} as reply_state,
        {{ target_state(
            'opened_at', 'solved_at', 'solve_minutes', 'solve_waited_minutes', 'solve_limit',
            'solve_due_at', 'is_solve_known'
        ) }} as solve_state
    from timed

)

select * from final

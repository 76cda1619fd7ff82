-- Where a source holds no answers nobody knows how long a public complaint stayed open.
with conversations as (

    select * from {{ ref('int_conversations') }}
    where
        is_complaint
        and person_number is not null
        and (conversation_kind = 'ticket' or is_answer_known)
        and {{ is_reported_month('period_start') }}

),

closed as (

    select
        *,
        {{ dbt.dateadd('day', var('complaint_days'), 'opened_at') }} as expires_at,
        case
            when is_open then null
            when conversation_kind = 'ticket' then coalesce(solved_at, first_reply_at, opened_at)
            else first_reply_at
        end as closed_at
    from conversations

),

final as (

    select
        conversation_key,
        person_number,
        opened_at,
        least(expires_at, coalesce(closed_at, expires_at)) as open_until
    from closed

)

select * from final

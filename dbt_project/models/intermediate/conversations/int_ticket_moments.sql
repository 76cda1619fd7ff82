with moments as (

    select
        *,
        case when event_type = 'reopened' then 1 else 0 end as position
    from {{ ref('int_ticket_moments_dated') }}

),

compared as (

    select
        *,
        min(position) over instant <> max(position) over instant as is_both,
        max(occurred_at) over (partition by ticket_number) as last_at
    from moments
    window instant as (partition by ticket_number, occurred_at)

),

-- Instants at which a ticket was both solved and reopened stand with the last one before that
-- knows whether it was solved.
numbered as (

    select
        *,
        count(case when not is_both then position end) over (
            partition by ticket_number order by occurred_at
        ) as known_number
    from compared

),

-- Many exports have minutes only. At an instant that has both, what was solved was reopened and
-- solved again, and so was what is said to be solved; what was unsolved was solved and reopened.
placed as (

    select
        *,
        case
            when
                max(case when not is_both then position end) over (
                    partition by ticket_number, known_number
                ) = 0
                or is_said_solved and occurred_at = last_at
                then 1 - position
            else position
        end as place
    from numbered

),

followed as (

    select
        *,
        lag(position) over in_order as position_before
    from placed
    window in_order as (partition by ticket_number order by occurred_at, place)

),

-- Only what was solved can be reopened.
final as (

    select
        *,
        sum(case when position = 1 and position_before = 0 then 1 else 0 end) over (
            partition by ticket_number
            order by occurred_at, place
            rows between unbounded preceding and current row
        ) as round_number
    from followed

)

select * from final

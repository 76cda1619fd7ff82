-- A ticket counts once a month, with its last solve: what was reopened twice was reopened.
with rounds as (

    select
        *,
        {{ month_start(local_date('solved_at')) }} as period_start,
        coalesce(
            is_reopened
            and (
                reopened_at is null
                or reopened_at <= {{ dbt.dateadd('day', var('observation_days'), 'solved_at') }}
            ),
            false
        ) as came_back
    from {{ ref('int_ticket_rounds') }}

),

final as (

    select
        *,
        row_number() over (
            partition by ticket_number, period_start order by round_number desc
        ) as position,
        max(case when came_back then 1 else 0 end) over (
            partition by ticket_number, period_start
        ) as reopened_count
    from rounds
    where solved_at is not null

)

select * from final

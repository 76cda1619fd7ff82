with comparisons as (

    select * from {{ ref('int_comparisons') }}

),

cases as (

    select * from {{ ref('int_comparison_cases') }}

),

-- Who complained, solved or not, is nobody without a failure.
complaints as (

    select
        period_start,
        person_number
    from {{ ref('int_comparison_events') }}
    where event_kind = 'event' and event like '%complaint'
    group by 1, 2

),

-- The instants of the cases are dealt out in the order of the draw.
final as (

    select
        comparisons.comparison_number,
        panels.person_number,
        1 + mod(panels.position - 1, comparisons.case_count) as position
    from comparisons
    inner join {{ ref('int_comparison_panels') }} as panels
        on
            comparisons.period_start = panels.period_start
            and comparisons.others_wanted >= panels.position
    left join cases
        on
            comparisons.comparison_number = cases.comparison_number
            and panels.person_number = cases.person_number
    left join complaints
        on
            comparisons.event_kind = 'recovery'
            and panels.period_start = complaints.period_start
            and panels.person_number = complaints.person_number
    where
        cases.person_number is null
        and complaints.person_number is null
        and comparisons.peer_event is null

)

select * from final

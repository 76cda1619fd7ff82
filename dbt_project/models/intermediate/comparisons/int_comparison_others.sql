with comparisons as (

    select * from {{ ref('int_comparisons') }}

),

cases as (

    select * from {{ ref('int_comparison_cases') }}

),

-- The instants of the cases are dealt out in turn.
drawn as (

    select
        comparisons.comparison_number,
        panels.person_number,
        1 + mod(
            row_number() over (
                partition by comparisons.comparison_number
                order by panels.draw, panels.person_number
            ) - 1,
            comparisons.case_count
        ) as position
    from comparisons
    inner join {{ ref('int_comparison_panels') }} as panels
        on
            comparisons.period_start = panels.period_start
            and {{ is_drawn('comparisons.others_wanted') }}
    left join cases
        on
            comparisons.comparison_number = cases.comparison_number
            and panels.person_number = cases.person_number
    where cases.person_number is null and comparisons.peer_event is null

),

-- Peers are compared as of their own instants.
final as (

    select
        drawn.comparison_number,
        cases.known_until,
        cases.happened_at,
        drawn.person_number
    from drawn
    inner join cases using (comparison_number, position)

    union all

    select
        comparisons.comparison_number,
        peers.known_until,
        peers.happened_at,
        peers.person_number
    from comparisons
    inner join comparisons as others
        on
            comparisons.peer_event = others.event
            and comparisons.event_kind = others.event_kind
            and comparisons.period_start = others.period_start
    inner join cases as peers on others.comparison_number = peers.comparison_number
    left join cases
        on
            comparisons.comparison_number = cases.comparison_number
            and peers.person_number = cases.person_number
    where
        cases.person_number is null
        and peers.position <= {{ var('comparison_persons') }}

)

select * from final

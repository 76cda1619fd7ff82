with comparisons as (

    select * from {{ ref('int_comparisons') }}

),

cases as (

    select * from {{ ref('int_comparison_cases') }}

),

peers as (

    select
        comparisons.comparison_number,
        comparisons.event_kind,
        1 + mod(peers.position - 1, comparisons.case_count) as position,
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

),

-- Peers are compared as of their own instants. Of who only answers is known what was known as long
-- before the answer as of one who had complained.
final as (

    select
        drawn.comparison_number,
        cases.known_until,
        cases.happened_at,
        drawn.person_number
    from {{ ref('int_comparison_drawn') }} as drawn
    inner join cases using (comparison_number, position)

    union all

    select
        peers.comparison_number,
        case
            when peers.event_kind = 'recovery'
                then {{ dbt.dateadd(
                    'minute',
                    'cast(' ~ minutes_between('cases.happened_at', 'cases.known_until')
                    ~ ' as integer)', 'peers.happened_at'
                ) }}
            else peers.known_until
        end as known_until,
        peers.happened_at,
        peers.person_number
    from peers
    inner join cases using (comparison_number, position)

)

select * from final

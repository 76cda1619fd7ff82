with events as (

    select * from {{ ref('int_comparison_events') }}

),

customers as (

    select * from {{ ref('int_comparison_customers') }}

),

counted as (

    select
        events.event_kind,
        events.event,
        events.period_start,
        count(*) as person_count,
        count(customers.person_number) as case_count
    from events
    left join customers
        on
            events.person_number = customers.person_number
            and events.period_start >= customers.first_month
    group by events.event_kind, events.event, events.period_start

),

-- What was known of each person is what costs time: ten others for each case, and 2,000 for strata
-- of few cases to find some in.
final as (

    select
        cast(row_number() over (order by event_kind, event, period_start) as integer)
            as comparison_number,
        event_kind,
        event,
        case when event_kind in ('event', 'recovery') then {{ peer_event('event') }} end
            as peer_event,
        period_start,
        person_count,
        least(case_count, {{ var('comparison_persons') }}) as case_count,
        least({{ var('comparison_persons') }}, greatest(2000, 10 * case_count))
            as others_wanted
    from counted
    where case_count > 0

)

select * from final

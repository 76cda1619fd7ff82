with customers as (

    select * from {{ ref('int_comparison_customers') }}

),

final as (

    select
        comparisons.comparison_number,
        events.person_number,
        events.known_until,
        events.happened_at,
        row_number() over (
            partition by comparisons.comparison_number
            order by customers.draw, customers.person_number
        ) as position
    from {{ ref('int_comparison_events') }} as events
    inner join {{ ref('int_comparisons') }} as comparisons
        on
            events.event_kind = comparisons.event_kind
            and events.event = comparisons.event
            and events.period_start = comparisons.period_start
    inner join customers
        on
            events.person_number = customers.person_number
            and events.period_start >= customers.first_month

)

select * from final

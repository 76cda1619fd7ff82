{%- set afterwards = days_after('subjects.happened_at', comparison_outcomes().values() | max) -%}

with subjects as (

    select * from {{ ref('int_comparison_subjects') }}

),

-- Each instant lies in one interval of a person. Who had not ordered before is no customer who can
-- be kept.
final as (

    select
        subjects.comparison_number,
        subjects.person_number,
        subjects.had_it,
        subjects.known_until,
        subjects.happened_at,
        known.last_ordered_at,
        known.order_count,
        known.spend,
        known.contact_count,
        latest.ordered_at as latest_ordered_at,
        happened.next_ordered_at,
        latest.spend - happened.spend as spent_within_90_days
    from subjects
    inner join {{ ref('int_customer_years') }} as known
        on
            subjects.person_number = known.person_number
            and subjects.known_until > known.changed_at
            and subjects.known_until <= known.next_changed_at
    inner join {{ ref('int_order_intervals') }} as happened
        on
            subjects.person_number = happened.person_number
            and subjects.happened_at >= happened.ordered_at
            and subjects.happened_at < happened.next_ordered_at
    inner join {{ ref('int_order_intervals') }} as latest
        on
            subjects.person_number = latest.person_number
            and latest.ordered_at <= {{ afterwards }}
            and latest.next_ordered_at > {{ afterwards }}

)

select * from final

{%- set year_before = days_after('subjects.known_until', -365) -%}
{%- set afterwards = days_after('subjects.happened_at', comparison_outcomes().values() | max) -%}

with subjects as (

    select * from {{ ref('int_comparison_subjects') }}

),

-- Each instant lies in one interval of a person's orders. Who had not ordered before is no customer
-- who can be kept.
final as (

    select
        subjects.comparison_number,
        subjects.person_number,
        subjects.had_it,
        subjects.known_until,
        subjects.happened_at,
        known.ordered_at as last_ordered_at,
        known.order_count - coalesce(earlier.order_count, 0) as order_count,
        known.spend - coalesce(earlier.spend, 0) as spend,
        latest.ordered_at as latest_ordered_at,
        happened.next_ordered_at,
        latest.spend - happened.spend as spent_within_90_days
    from subjects
    inner join {{ ref('int_order_intervals') }} as known
        on
            subjects.person_number = known.person_number
            and subjects.known_until > known.ordered_at
            and subjects.known_until <= known.next_ordered_at
    left join {{ ref('int_order_intervals') }} as earlier
        on
            subjects.person_number = earlier.person_number
            and earlier.ordered_at < {{ year_before }}
            and earlier.next_ordered_at >= {{ year_before }}
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

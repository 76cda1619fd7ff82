{%- set year_before = days_after('ordered.known_until', -365) -%}

with ordered as (

    select * from {{ ref('int_comparison_orders') }}

),

final as (

    select
        ordered.comparison_number,
        ordered.person_number,
        ordered.had_it,
        persons.generation,
        cast(
            floor({{ minutes_between('ordered.last_ordered_at', 'ordered.known_until') }} / 1440)
            as {{ dbt.type_int() }}
        ) as days_since_order,
        ordered.order_count,
        coalesce(contacts.contact_count, 0) - coalesce(earlier.contact_count, 0) as contact_count,
        {% for outcome, days in comparison_outcomes().items() %}
            case when {{ has_outcome(outcome, days) }} then 1 else 0 end as {{ outcome }},
        {% endfor %}
        coalesce(followed.contact_count, 0) as contacts_within_30_days,
        ordered.spent_within_90_days,
        coalesce(answers.points, 0) as answer_points,
        percent_rank() over (
            partition by ordered.comparison_number order by ordered.spend
        ) as spend_rank
    from ordered
    inner join {{ ref('int_persons') }} as persons on ordered.person_number = persons.person_number
    left join {{ ref('int_contact_intervals') }} as contacts
        on
            ordered.person_number = contacts.person_number
            and ordered.known_until > contacts.opened_at
            and ordered.known_until <= contacts.next_opened_at
    left join {{ ref('int_contact_intervals') }} as earlier
        on
            ordered.person_number = earlier.person_number
            and earlier.opened_at < {{ year_before }}
            and earlier.next_opened_at >= {{ year_before }}
    left join {{ ref('int_comparison_contacts') }} as followed
        on
            ordered.comparison_number = followed.comparison_number
            and ordered.person_number = followed.person_number
    left join {{ ref('int_comparison_answers') }} as answers
        on
            ordered.comparison_number = answers.comparison_number
            and ordered.person_number = answers.person_number

)

select * from final

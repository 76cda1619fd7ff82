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
        ordered.contact_count,
        {% for outcome, days in comparison_outcomes().items() %}
            case when {{ has_outcome(outcome, days) }} then 1 else 0 end as {{ outcome }},
        {% endfor %}
        coalesce(followed.contact_count, 0) as contacts_within_30_days,
        ordered.spent_within_90_days,
        coalesce(answers.points, 0) as answer_points,
        case
            when ordered.spend <= thirds.first_third then 1
            when ordered.spend <= thirds.second_third then 2
            else 3
        end as third
    from ordered
    inner join {{ ref('int_persons') }} as persons on ordered.person_number = persons.person_number
    inner join {{ ref('int_comparisons') }} as comparisons
        on ordered.comparison_number = comparisons.comparison_number
    left join {{ ref('int_comparison_thirds') }} as thirds
        on comparisons.period_start = thirds.period_start
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

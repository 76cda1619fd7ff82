with ordered as (

    select * from {{ ref('int_comparison_orders') }}

),

contacted as (

    select
        ordered.comparison_number,
        ordered.person_number,
        count(*) as contact_count
    from ordered
    inner join {{ ref('int_conversations') }} as conversations
        on
            ordered.person_number = conversations.person_number
            and ordered.known_until > conversations.opened_at
            and conversations.opened_at >= {{ days_after('ordered.known_until', -365) }}
    group by 1, 2

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
        coalesce(contacted.contact_count, 0) as contact_count,
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
    left join contacted
        on
            ordered.comparison_number = contacted.comparison_number
            and ordered.person_number = contacted.person_number
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

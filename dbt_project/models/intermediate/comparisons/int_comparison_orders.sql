{%- set longest = comparison_outcomes().values() | max -%}
{%- set is_known = 'orders.ordered_at < subjects.known_until' -%}
{%- set is_of_year = is_known ~ ' and orders.ordered_at >= '
    ~ days_after('subjects.known_until', -365) -%}
{%- set is_later = 'orders.ordered_at > subjects.happened_at' -%}

with subjects as (

    select * from {{ ref('int_comparison_subjects') }}

),

orders as (

    select * from {{ ref('int_orders') }}
    where not is_return

),

-- Who had not ordered before is no customer who can be kept.
final as (

    select
        subjects.comparison_number,
        subjects.person_number,
        subjects.had_it,
        subjects.known_until,
        subjects.happened_at,
        max(orders.ordered_at) filter (where {{ is_known }}) as last_ordered_at,
        count(*) filter (where {{ is_of_year }}) as order_count,
        coalesce(sum(orders.ordered_amount) filter (where {{ is_of_year }}), 0) as spend,
        max(orders.ordered_at) filter (
            where orders.ordered_at <= {{ days_after('subjects.happened_at', longest) }}
        ) as latest_ordered_at,
        min(orders.ordered_at) filter (where {{ is_later }}) as next_ordered_at,
        coalesce(
            sum(orders.ordered_amount) filter (
                where {{ is_later }} and orders.ordered_at <= {{ days_after(
                    'subjects.happened_at', comparison_means()['spent_within_90_days']
                ) }}
            ), 0
        ) as spent_within_90_days
    from subjects
    inner join orders on subjects.person_number = orders.person_number
    group by 1, 2, 3, 4, 5
    having min(orders.ordered_at) < subjects.known_until

)

select * from final

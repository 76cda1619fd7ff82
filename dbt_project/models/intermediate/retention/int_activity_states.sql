{%- set segments = 'brand, channel, generation' -%}

with courses as (

    select
        {{ segments }},
        first_month,
        last_month,
        has_ordered,
        is_first,
        active_at_start_until,
        active_at_end_until,
        count(*) as persons
    from {{ ref('int_activity_courses') }}
    group by {{ segments }}, 4, 5, 6, 7, 8, 9

),

observed as (

    select
        {{ segments }},
        greatest(first_month, observed_from) as first_month,
        least(last_month, active_at_end_until) as last_month,
        repeat_until,
        count(*) as persons
    from {{ ref('int_activity_courses') }}
    where observed_from <= last_month
    group by {{ segments }}, 4, 5, 6

),

states as (

    {{ state('courses', 'known', 'first_month', 'last_month') }}

    union all

    {{ state('courses', 'new', 'first_month', 'last_month', 'is_first') }}

    union all

    {{ state('courses', 'active_at_start', 'first_month',
        'least(last_month, active_at_start_until)', 'not is_first') }}

    union all

    {{ state('courses', 'active_at_end', 'first_month',
        'least(last_month, active_at_end_until)') }}

    union all

    {{ state('courses', 'retained', 'first_month',
        'least(last_month, active_at_start_until, active_at_end_until)', 'not is_first') }}

    union all

    {{ state('courses', 'lapsed_at_start',
        'greatest(first_month, ' ~ add_months('active_at_start_until', 1) ~ ')',
        'last_month', 'not is_first') }}

    union all

    {{ state('courses', 'reactivated',
        'greatest(first_month, ' ~ add_months('active_at_start_until', 1) ~ ')',
        'last_month', 'has_ordered and not is_first') }}

    union all

    {{ state('observed', 'observed', 'first_month', 'last_month') }}

    union all

    {{ state('observed', 'repeating', 'first_month',
        'least(last_month, repeat_until)', 'repeat_until is not null') }}

)

select * from states
where first_month <= last_month

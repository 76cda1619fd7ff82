{%- set days = 30 -%}

with assignments as (

    select * from {{ ref('int_campaign_assignments') }}
    where person_number is not null

),

tried as (

    select distinct campaign from assignments
    where is_control

),

-- Whoever got a campaign and was held back from it, too, tells nothing of it.
persons as (

    select
        assignments.campaign,
        assignments.person_number,
        min(assignments.sent_at) as assigned_at,
        bool_or(assignments.is_control) as is_control,
        bool_or(not assignments.is_control) as is_treated
    from assignments
    inner join tried on assignments.campaign = tried.campaign
    group by assignments.campaign, assignments.person_number

),

months as (

    select * from {{ ref('int_months') }}
    where {{ is_known_after(days) }}

),

assigned as (

    select
        persons.*,
        months.period_start
    from persons
    inner join months
        on {{ month_start(local_date('persons.assigned_at')) }} = months.period_start

),

converted as (

    select distinct
        assigned.campaign,
        assigned.person_number
    from assigned
    inner join {{ ref('int_orders') }} as orders
        on
            assigned.person_number = orders.person_number
            and assigned.assigned_at < orders.ordered_at
            and orders.ordered_at <= {{ days_after('assigned.assigned_at', days) }}
    where not orders.is_return

),

final as (

    select
        assigned.campaign,
        assigned.period_start,
        assigned.person_number,
        assigned.is_treated,
        assigned.is_control,
        converted.person_number is not null as is_converted
    from assigned
    left join converted
        on
            assigned.campaign = converted.campaign
            and assigned.person_number = converted.person_number

)

select * from final

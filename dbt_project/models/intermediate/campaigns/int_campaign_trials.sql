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

assigned as (

    select
        persons.*,
        months.period_start
    from persons
    inner join {{ ref('int_months') }} as months
        on {{ month_start(local_date('persons.assigned_at')) }} = months.period_start
    where {{ is_known_after(days) }}

),

converted as (

    select
        assigned.campaign,
        assigned.person_number,
        sum(orders.margin_amount) as margin,
        count(*) filter (where orders.margin_amount is null) as unknown_margin_count,
        count(*) as order_count
    from assigned
    inner join {{ ref('int_orders') }} as orders
        on
            assigned.person_number = orders.person_number
            and assigned.assigned_at < orders.ordered_at
            and orders.ordered_at <= {{ days_after('assigned.assigned_at', days) }}
    where not orders.is_return
    group by assigned.campaign, assigned.person_number

),

final as (

    select
        campaign,
        assigned.period_start,
        person_number,
        assigned.is_treated,
        assigned.is_control,
        converted.order_count is not null as is_converted,
        coalesce(converted.margin, 0) as margin,
        coalesce(converted.unknown_margin_count, 0) as unknown_margin_count,
        coalesce(converted.order_count, 0) as order_count
    from assigned
    left join converted using (campaign, person_number)

)

select * from final

-- What happened to a person, what a department did, and what one was told in a campaign.
with happened as (

    {% for kind, model in [
        ('event', 'int_customer_events'),
        ('touch', 'int_touch_events'),
        ('exposure', 'int_promise_exposures'),
        ('recovery', 'int_recovery_events'),
    ] %}
        select
            '{{ kind }}' as event_kind,
            event,
            person_number,
            began_at,
            happened_at
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

months as (

    select * from {{ ref('int_months') }}
    where {{ is_known_after(comparison_outcomes().values() | min) }}

),

-- A person counts once a month and event. What began with it was not known before it.
final as (

    select
        happened.event_kind,
        happened.event,
        months.period_start,
        happened.person_number,
        least(min(happened.began_at), min(happened.happened_at)) as known_until,
        min(happened.happened_at) as happened_at
    from happened
    inner join months
        on {{ month_start(local_date('happened.happened_at')) }} = months.period_start
    where happened.person_number is not null
    group by 1, 2, 3, 4

)

select * from final

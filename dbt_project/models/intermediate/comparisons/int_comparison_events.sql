-- What happened to a person, and what one was told in a campaign.
with happened as (

    {% for kind, model in [
        ('event', 'int_customer_events'),
        ('exposure', 'int_promise_exposures'),
        ('recovery', 'int_recovery_events'),
    ] %}
        select
            '{{ kind }}' as event_kind,
            event,
            {{ month_start(local_date('happened_at')) }} as period_start,
            person_number,
            began_at,
            happened_at
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A person counts once a month and event.
firsts as (

    select
        event_kind,
        event,
        period_start,
        person_number,
        min(began_at) as began_at,
        min(happened_at) as happened_at
    from happened
    where person_number is not null
    group by 1, 2, 3, 4

    union all

    select
        'touch' as event_kind,
        event,
        period_start,
        person_number,
        began_at,
        happened_at
    from {{ ref('int_touch_events') }}

),

months as (

    select * from {{ ref('int_months') }}
    where {{ is_known_after(comparison_outcomes().values() | min) }}

),

-- What began with it was not known before it.
final as (

    select
        firsts.event_kind,
        firsts.event,
        months.period_start,
        firsts.person_number,
        least(firsts.began_at, firsts.happened_at) as known_until,
        firsts.happened_at
    from firsts
    inner join months on firsts.period_start = months.period_start

)

select * from final

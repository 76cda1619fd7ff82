-- A brand is judged from 28 whole days of mentions on. The rest of the running month is as today.
with histories as (

    select
        *,
        {{ add_days('judged_from', -28) }} as known_from
    from {{ source('analytics', 'crisis_histories') }}

),

calendar as (

    select calendar_date from {{ ref('int_calendar_days') }}
    where calendar_date < (select max(period_end) from {{ ref('int_months') }})

),

counts as (

    select
        brand,
        calendar_date,
        sum(negative_count) as negative_count
    from {{ ref('int_negative_hours') }}
    group by brand, calendar_date

),

crises as (

    select
        *,
        {{ local_date('began_at') }} as began_on
    from {{ ref('int_crises') }}

),

final as (

    select
        histories.brand,
        calendar.calendar_date,
        coalesce(max(counts.negative_count), 0) as negative_count,
        calendar.calendar_date >= max(histories.judged_from) as is_judged,
        count(crises.began_at) > 0 as is_in_crisis
    from histories
    inner join calendar on histories.known_from <= calendar.calendar_date
    left join counts
        on
            histories.brand = counts.brand
            and calendar.calendar_date = counts.calendar_date
    left join crises
        on
            histories.brand = crises.brand
            and calendar.calendar_date >= crises.began_on
            and (
                crises.ended_at is null
                or crises.ended_at > {{ instant_of_day('calendar.calendar_date', 0) }}
            )
    group by histories.brand, calendar.calendar_date

)

select * from final

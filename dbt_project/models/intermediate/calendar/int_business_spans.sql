with days as (

    select * from {{ ref('int_calendar_days') }}

),

-- A weekday without hours has a row, too: without minutes.
weekdays as (

    {% for calendar in var('calendars') %}
        {% set calendar_number = loop.index0 %}
        {% for weekday in range(1, 8) %}
            {% for span in calendar['spans'] if span[0] == weekday %}
                select
                    {{ calendar_number }} as calendar_number,
                    {{ weekday }} as weekday,
                    {{ minute_of_day(span[1]) }} as opens,
                    {{ minute_of_day(span[2]) }} as closes
                {{ 'union all' if not loop.last }}
            {% else %}
                select
                    {{ calendar_number }} as calendar_number,
                    {{ weekday }} as weekday,
                    cast(null as integer) as opens,
                    cast(null as integer) as closes
            {% endfor %}
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

days_off as (

    {% for calendar in var('calendars') %}
        select
            {{ loop.index0 }} as calendar_number,
            calendar_date
        from days
        where
            cast(calendar_date as {{ dbt.type_string() }})
            in ('none' {%- for day in calendar['days_off'] %}, '{{ day }}' {%- endfor %})
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        weekdays.calendar_number,
        days.calendar_date,
        {{ instant_of_day('days.calendar_date', 'weekdays.opens') }} as business_starts_at,
        {{ instant_of_day('days.calendar_date', 'weekdays.closes') }} as business_ends_at,
        row_number() over day_of_calendar as position,
        days_off.calendar_date is not null as is_day_off
    from days
    inner join weekdays on {{ weekday('days.calendar_date') }} = weekdays.weekday
    left join days_off
        on
            weekdays.calendar_number = days_off.calendar_number
            and days.calendar_date = days_off.calendar_date
    window day_of_calendar as (
        partition by weekdays.calendar_number, days.calendar_date order by weekdays.opens
    )

)

select * from final

{#-
    The build's clock and calendar arithmetic, in words that both engines take.

    An instant is a timestamp with time zone; a day is a date in the company's time zone.
-#}

{#- The instant that everything is computed as of: configured for archives, else now. -#}
{%- macro as_of() -%}
    {%- if var("as_of") is none -%} {{ dbt.current_timestamp() }}
    {%- else -%} cast('{{ var("as_of") }}' as timestamp with time zone)
    {%- endif -%}
{%- endmacro -%}

{#- The day on which an instant falls, in the company's time zone. -#}
{%- macro local_date(instant) -%}
    cast(({{ instant }}) at time zone '{{ var("company_time_zone") }}' as date)
{%- endmacro -%}

{#- The hour of the day in which an instant falls, 0 to 23, by the company's clock on the wall. -#}
{%- macro local_hour(instant) -%}
    cast(
        extract(hour from ({{ instant }}) at time zone '{{ var("company_time_zone") }}') as integer
    )
{%- endmacro -%}

{#- The part of the day in which an instant falls, by the company's clock on the wall. -#}
{%- macro part_of_day(instant) -%}
case
    when {{ local_hour(instant) }} < 6 then 'night'
    when {{ local_hour(instant) }} < 12 then 'morning'
    when {{ local_hour(instant) }} < 18 then 'afternoon'
    else 'evening'
end
{%- endmacro -%}

{#- The instant some minutes after a day's midnight, by the clock on the wall: 1440 is the next. -#}
{%- macro instant_of_day(day, minutes) -%}
    ({{ dbt.dateadd("minute", minutes, "cast(" ~ day ~ " as timestamp)") }})
    at time zone '{{ var("company_time_zone") }}'
{%- endmacro -%}

{#- An instant, no later than the last second before a day begins; null stays null. -#}
{%- macro no_later_than_before(day, instant) -%}
    case
        when {{ instant }} < {{ instant_of_day(day, 0) }} then {{ instant }}
        when {{ instant }} is not null
            then {{ dbt.dateadd("second", -1, instant_of_day(day, 0)) }}
    end
{%- endmacro -%}

{#- Whether a day has begun: at its first instant it has not, for nothing of it is past. -#}
{%- macro has_begun(day) -%} {{ instant_of_day(day, 0) }} < {{ as_of() }} {%- endmacro -%}

{#- Whether a month has begun, and so is reported: a record may carry a time to come. -#}
{%- macro is_reported_month(month) -%}
    {{ month }} <= (select max(period_start) from {{ ref("int_months") }})
{%- endmacro -%}

{#- Whether a month lies in an interval from first_month up to, but not including, next_month. -#}
{%- macro lies_in(month, intervals) -%}
    ({{ month }} >= {{ intervals }}.first_month and {{ month }} < {{ intervals }}.next_month)
{%- endmacro -%}

{#- The first day of a day's month, as a date. -#}
{%- macro month_start(day) -%} cast({{ dbt.date_trunc("month", day) }} as date) {%- endmacro -%}

{#- Day of the week: 1 is Monday, 7 is Sunday. -#}
{%- macro weekday(day) -%} cast(extract(isodow from {{ day }}) as integer) {%- endmacro -%}

{#- A query of every day from one to another, both included, as calendar_date. -#}
{%- macro day_spine(first, last) -%}
    select {{ first }} + cast(step as integer) as calendar_date
    from generate_series(0, {{ last }} - {{ first }}) as steps (step)
{%- endmacro -%}

{#- A day some days on. -#}
{%- macro add_days(day, days) -%} ({{ day }} + ({{ days }})) {%- endmacro -%}

{#- The instant some days of 24 hours after another one, or before it. -#}
{%- macro days_after(instant, days) -%}
    {{ dbt.dateadd("minute", days * 1440, instant) }}
{%- endmacro -%}

{#- A day some months on, as a date. -#}
{%- macro add_months(day, months) -%}
    cast({{ dbt.dateadd("month", months, day) }} as date)
{%- endmacro -%}

{#-
    An instant, no earlier than another one: up to five minutes before are taken for the difference
    of two clocks; null for one that is earlier still.
-#}
{%- macro no_earlier_than(start, instant) -%}
    case
        when {{ instant }} >= {{ dbt.dateadd("minute", -5, start) }}
            then greatest({{ instant }}, {{ start }})
    end
{%- endmacro -%}

{#- Minutes from one instant to another, with decimals. -#}
{%- macro minutes_between(earlier, later) -%}
    cast(extract(epoch from (({{ later }}) - ({{ earlier }}))) as {{ dbt.type_numeric() }}) / 60
{%- endmacro -%}

{#-
    Business time: cumulative minutes by calendar, day and span of it (int_business_hours), so that
    a wait is the difference of two of them, whatever nights, holidays and clock changes lie between.
-#}

{#- Minutes after midnight of a time of day such as "09:00" or "24:00". -#}
{%- macro minute_of_day(time_of_day) -%}
    {%- set hour, minute = time_of_day.split(":") -%}
    {{ hour | int * 60 + minute | int }}
{%- endmacro -%}

{#-
    The number of the first of some scopes (calendars, service_levels) that fits a row: each list
    that a scope has must hold the row's own word.
-#}
{%- macro first_that_fits(scopes) -%}
    {%- if scopes | length == 0 -%} cast(null as integer)
    {%- else -%}
        case
        {%- for scope in scopes %}
            when true
            {%- for name, column in [
                ("brands", "brand"), ("channels", "channel"), ("teams", "team"),
                ("priorities", "priority"),
            ] if scope.get(name) %}
                and {{ column }} in (
                {%- for word in scope[name] -%}
                    {{ dbt.string_literal(dbt.escape_single_quotes(word)) }}{{ ", " if not loop.last }}
                {%- endfor -%}
                )
            {%- endfor %}
                then {{ loop.index0 }}
        {%- endfor %}
        end
    {%- endif -%}
{%- endmacro -%}

{#- Join condition: the row of int_business_hours that an instant lies in, by some calendar. -#}
{%- macro in_business_hours(instant, calendar_number, hours) -%}
    {{ calendar_number }} = {{ hours }}.calendar_number
    and {{ local_date(instant) }} = {{ hours }}.calendar_date
    and ({{ hours }}.holds_from is null or {{ instant }} >= {{ hours }}.holds_from)
    and ({{ hours }}.holds_until is null or {{ instant }} < {{ hours }}.holds_until)
{%- endmacro -%}

{#- Business minutes from the beginning of the calendar to an instant, given the row it lies in. -#}
{%- macro business_minutes_until(instant, hours) -%}
    {{ hours }}.business_minutes_before + greatest(
        0,
        least(
            {{ hours }}.business_minutes,
            coalesce({{ minutes_between(hours ~ ".business_starts_at", instant) }}, 0)
        )
    )
{%- endmacro -%}

{#- The build's clock and calendar arithmetic, made of the portable macros. -#}

{#- The instant that everything is computed as of: configured for archives, else now. -#}
{%- macro as_of() -%}
    {%- if var("as_of") is none -%} {{ dbt.current_timestamp() }}
    {%- else -%} {{ instant(var("as_of")) }}
    {%- endif -%}
{%- endmacro -%}

{#- Whether a day has begun: at its first instant it has not, for nothing of it is past. -#}
{%- macro has_begun(day) -%} {{ local_instant(day, "00:00") }} < {{ as_of() }} {%- endmacro -%}

{#- The first day of a day's month, as a date. -#}
{%- macro month_start(day) -%} cast({{ dbt.date_trunc("month", day) }} as date) {%- endmacro -%}

{#- A day some days on. -#}
{%- macro add_days(day, days) -%} ({{ day }} + ({{ days }})) {%- endmacro -%}

{#- A day some months on, as a date. -#}
{%- macro add_months(day, months) -%}
    cast({{ dbt.dateadd("month", months, day) }} as date)
{%- endmacro -%}

{#-
    Business minutes from the beginning of the calendar to an instant, given the row of
    int_calendar_days for its day. The difference of two of them is the business time between
    two instants, whatever nights, weekends and clock changes lie between.
-#}
{%- macro business_minutes_until(instant, day) -%}
    {{ day }}.business_minutes_before + greatest(
        0,
        least(
            {{ day }}.business_minutes,
            coalesce({{ minutes_between(day ~ ".business_starts_at", instant) }}, 0)
        )
    )
{%- endmacro -%}

{#-
    Instants, days and months, in the words of each engine.

    An instant is a timestamp with time zone; a day is a date in the company's time zone.
-#}

{%- macro type_instant() -%}
    {{ adapter.dispatch("type_instant", "concord")() }}
{%- endmacro -%}

{%- macro default__type_instant() -%} timestamp with time zone {%- endmacro -%}
{%- macro spark__type_instant() -%} timestamp {%- endmacro -%}

{#- Amounts of money, with the six decimals that figures are published with. -#}
{%- macro type_amount() -%} numeric(28, 6) {%- endmacro -%}

{#- The instant written as text, for example '2026-01-31T12:00:00+00:00'. -#}
{%- macro instant(text) -%} cast('{{ text }}' as {{ type_instant() }}) {%- endmacro -%}

{#- The day on which an instant falls, in the company's time zone. -#}
{%- macro local_date(instant) -%}
    {{ adapter.dispatch("local_date", "concord")(instant) }}
{%- endmacro -%}

{%- macro default__local_date(instant) -%}
    cast(({{ instant }}) at time zone '{{ var("company_time_zone") }}' as date)
{%- endmacro -%}

{%- macro spark__local_date(instant) -%}
    to_date(from_utc_timestamp({{ instant }}, '{{ var("company_time_zone") }}'))
{%- endmacro -%}

{#- The instant of a time of day ("09:00") on a day, in the company's time zone. -#}
{%- macro local_instant(day, time_of_day) -%}
    {{ adapter.dispatch("local_instant", "concord")(day, time_of_day) }}
{%- endmacro -%}

{%- macro default__local_instant(day, time_of_day) -%}
    ({{ day }} + cast('{{ time_of_day }}' as time)) at time zone '{{ var("company_time_zone") }}'
{%- endmacro -%}

{%- macro spark__local_instant(day, time_of_day) -%}
    to_utc_timestamp(concat({{ day }}, ' {{ time_of_day }}'), '{{ var("company_time_zone") }}')
{%- endmacro -%}

{#- Minutes from one instant to another, with decimals. -#}
{%- macro minutes_between(earlier, later) -%}
    {{ adapter.dispatch("minutes_between", "concord")(earlier, later) }}
{%- endmacro -%}

{%- macro default__minutes_between(earlier, later) -%}
    cast(extract(epoch from (({{ later }}) - ({{ earlier }}))) as numeric) / 60
{%- endmacro -%}

{%- macro spark__minutes_between(earlier, later) -%}
    (cast({{ later }} as double) - cast({{ earlier }} as double)) / 60
{%- endmacro -%}

{#- Day of the week: 1 is Monday, 7 is Sunday. -#}
{%- macro weekday(day) -%}
    {{ adapter.dispatch("weekday", "concord")(day) }}
{%- endmacro -%}

{%- macro default__weekday(day) -%} cast(extract(isodow from {{ day }}) as integer) {%- endmacro -%}
{%- macro spark__weekday(day) -%} weekday({{ day }}) + 1 {%- endmacro -%}

{#- A query of every day from one to another, both included, as calendar_date. -#}
{%- macro day_spine(first, last) -%}
    {{ adapter.dispatch("day_spine", "concord")(first, last) }}
{%- endmacro -%}

{%- macro default__day_spine(first, last) -%}
    select {{ first }} + step as calendar_date
    from generate_series(0, {{ last }} - {{ first }}) as steps (step)
{%- endmacro -%}

{%- macro spark__day_spine(first, last) -%}
    select explode(sequence({{ first }}, {{ last }})) as calendar_date
{%- endmacro -%}

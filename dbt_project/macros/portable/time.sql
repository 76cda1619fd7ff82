{#-
    Instants, days and months.

    An instant is a timestamp with time zone; a day is a date in the company's time zone.
-#}

{%- macro type_instant() -%} timestamp with time zone {%- endmacro -%}

{#- Amounts of money, with the six decimals that figures are published with. -#}
{%- macro type_amount() -%} numeric(28, 6) {%- endmacro -%}

{#- The instant written as text, for example '2026-01-31T12:00:00+00:00'. -#}
{%- macro instant(text) -%} cast('{{ text }}' as {{ type_instant() }}) {%- endmacro -%}

{#- The day on which an instant falls, in the company's time zone. -#}
{%- macro local_date(instant) -%}
    cast(({{ instant }}) at time zone '{{ var("company_time_zone") }}' as date)
{%- endmacro -%}

{#- The instant of a time of day ("09:00") on a day, in the company's time zone. -#}
{%- macro local_instant(day, time_of_day) -%}
    ({{ day }} + cast('{{ time_of_day }}' as time)) at time zone '{{ var("company_time_zone") }}'
{%- endmacro -%}

{#- Minutes from one instant to another, with decimals; seconds have six. -#}
{%- macro minutes_between(earlier, later) -%}
    cast(extract(epoch from (({{ later }}) - ({{ earlier }}))) as numeric(28, 6)) / 60
{%- endmacro -%}

{#- Day of the week: 1 is Monday, 7 is Sunday. -#}
{%- macro weekday(day) -%} cast(extract(isodow from {{ day }}) as integer) {%- endmacro -%}

{#- A query of every day from one to another, both included, as calendar_date. -#}
{%- macro day_spine(first, last) -%}
    select {{ first }} + cast(step as integer) as calendar_date
    from generate_series(0, {{ last }} - {{ first }}) as steps (step)
{%- endmacro -%}

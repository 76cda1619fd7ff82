{#-
    Every area, and for how many days after its end a month changes with the clock alone:
    unanswered contacts are watched for a while, and so are the complaints that campaigns meet.
    The other areas know no clock: their month changes by itself only when it begins.
-#}
{%- set watched_days = var('observation_days') -%}
{%- set clockless_days = 0 if var('built_as_of') else watched_days -%}
{%- set areas = {
    'orders': clockless_days,
    'advocacy': clockless_days,
    'service': watched_days,
    'social': watched_days,
    'records': clockless_days,
    'campaigns': watched_days,
    'surveys': clockless_days,
} -%}
{{ config(materialized='table') }}

with months as (

    select period_start from {{ ref('int_months_known') }}

),

influenced as (

    select * from {{ ref('int_months_influenced') }}

),

areas as (
    {% for area, days in areas.items() %}
        {% if not loop.first %}union all{% endif %}
        select
            '{{ area }}' as area,
            {{ local_date(dbt.dateadd('day', -days, last_clock())) }} as watched_from
    {% endfor %}
),

watched as (

    select
        areas.area,
        months.period_start
    from months
    cross join areas
    {% if var('changed_since') is not none -%}
        where {{ add_months('months.period_start', 1) }} > areas.watched_from
    {%- endif %}

),

final as (

    select * from watched

    union

    select * from influenced

)

select * from final

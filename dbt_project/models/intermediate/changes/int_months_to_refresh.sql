{%- set areas = ['orders', 'cohorts', 'advocacy', 'service', 'social', 'campaigns', 'surveys'] -%}
{{ config(materialized='table') }}

with months as (

    select period_start from {{ ref('int_months_known') }}

),

influenced as (

    select * from {{ ref('int_months_influenced') }}

),

areas as (
    {% for area in areas %}
        {% if not loop.first %}union all{% endif %}
        select '{{ area }}' as area
    {% endfor %}
),

-- Unanswered contacts are watched for a while, so their months change with the clock alone.
watched as (

    select
        areas.area,
        months.period_start
    from months
    cross join areas
    {% if var('changed_since') is not none -%}
        where
            {{ add_months('months.period_start', 1) }} > {{ local_date(
            dbt.dateadd('day', -var('observation_days'), 'least(' ~ as_of() ~ ', ' ~ build_since() ~ ')')
        ) }}
    {%- endif %}

),

final as (

    select * from watched

    union

    select * from influenced

)

select * from final

{#- An order counts in every later month, a mention for as long as a person is active. -#}
{%- set advocacy_months = (var('activity_window_days') / 28) | round(0, 'ceil') | int -%}

with changed as (

    select * from {{ ref('int_months_changed') }}

),

months as (

    select period_start from {{ ref('int_months_known') }}

),

campaigns as (

    select * from {{ ref('int_campaign_months_changed') }}

),

cohorts as (

    select * from {{ ref('int_cohort_months_changed') }}

),

spreads as (

    -- area that changed, area that it influences, months before and after
    select 'orders' as changed_area, 'orders' as area, 0 as before, 1200 as after
    union all
    select 'orders', 'cohorts', 0, 0
    union all
    select 'social', 'social', 0, 0
    union all
    select 'social', 'advocacy', 0, {{ advocacy_months }}
    union all
    select 'orders', 'advocacy', 0, {{ advocacy_months }}
    union all
    select 'service', 'service', 0, 0
    union all
    select 'campaigns', 'campaigns', 0, 0
    -- A complaint is open to sends of the next month too.
    union all
    select 'service', 'campaigns', 0, 1
    union all
    select 'social', 'campaigns', 0, 1
    -- The latest answer of a quarter may be in any of its months.
    union all
    select 'surveys', 'surveys', 2, 2
),

final as (

    select distinct
        spreads.area,
        months.period_start
    from changed
    inner join spreads on changed.area = spreads.changed_area
    inner join months
        on
            months.period_start >= {{ add_months('changed.period_start', '-spreads.before') }}
            and months.period_start <= {{ add_months('changed.period_start', 'spreads.after') }}

    union

    select 'campaigns' as area, period_start from campaigns

    union

    select 'cohorts' as area, period_start from cohorts

)

select * from final

{#-
    How far a change bears: the area that changed, the area that it influences, and for how
    many months before and after. An order counts in every later month, a mention for as long
    as a person is active; a complaint is open to the next months' sends; the latest answer of
    a quarter may be in any of its months; records are counted in their own month.
-#}
{%- set activity_months = (var('activity_window_days') / 28) | round(0, 'ceil') | int -%}
{%- set complaint_months = (var('complaint_days') / 28) | round(0, 'ceil') | int -%}
{%- set spreads = [
    ('orders', 'orders', 0, 1200),
    ('orders', 'advocacy', 0, activity_months),
    ('social', 'advocacy', 0, activity_months),
    ('social', 'social', 0, 0),
    ('social', 'campaigns', 0, complaint_months),
    ('service', 'service', 0, 0),
    ('service', 'campaigns', 0, complaint_months),
    ('campaigns', 'campaigns', 0, 0),
    ('surveys', 'surveys', 2, 2),
    ('orders', 'records', 0, 0),
    ('social', 'records', 0, 0),
    ('service', 'records', 0, 0),
    ('campaigns', 'records', 0, 0),
    ('surveys', 'records', 0, 0),
] -%}

with changed as (

    select * from {{ ref('int_months_changed') }}

),

months as (

    select period_start from {{ ref('int_months_known') }}

),

moved as (

    select
        'campaigns' as area,
        period_start
    from {{ ref('int_campaign_months_changed') }}

    union all

    select
        'records' as area,
        period_start
    from {{ ref('int_message_months_changed') }}

),

spreads as (
    {% for changed_area, area, before, after in spreads %}
        {% if not loop.first %}union all{% endif %}
        select
            '{{ changed_area }}' as changed_area,
            '{{ area }}' as area,
            {{ before }} as before,
            {{ after }} as after
    {% endfor %}
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

    select
        moved.area,
        months.period_start
    from moved
    inner join months on moved.period_start = months.period_start

)

select * from final

{#- Every fact with a month of its own, and how the month is found. -#}
{%- set facts = [
    ('int_orders_converted', 'period_start'),
    ('int_messages_prepared', 'period_start'),
    ('int_conversations_answered', 'period_start'),
    ('int_sends_dated', 'period_start'),
    ('int_answers_dated', 'period_start'),
    ('int_campaign_costs_unioned', month_start('cost_date')),
] -%}

with firsts as (
    {% for model, month in facts %}
        {% if not loop.first %}union all{% endif %}
        select min({{ month }}) as period_start from {{ ref(model) }}
    {% endfor %}
    -- A month that lost its last row has to be emptied too.
    union all
    select min(period_start) as period_start
    from {{ source('bookkeeping', 'touched_months') }}
    where build_since = {{ build_since() }}
),

first_month as (

    select min(period_start) as period_start from firsts

),

days as (

    select distinct period_start from {{ ref('int_calendar_days') }}
    where {{ has_begun('period_start') }}

),

final as (

    select days.period_start
    from days
    inner join first_month on days.period_start >= first_month.period_start

)

select * from final

{%- set window_days = var('activity_window_days') -%}

with months as (

    select * from {{ ref('int_months') }}

),

history as (

    select
        min(first_month) as first_month,
        min(first_order_date) as started_on
    from {{ ref('int_purchase_intervals') }}

),

-- Before a whole window of history nobody can have lapsed: retention would be 100 % by itself.
final as (

    select
        months.*,
        {{ add_days('months.period_start', -window_days) }} as window_start_at_start,
        {{ add_days('months.period_end', -window_days) }} as window_start_at_end,
        history.started_on <= {{ add_days('months.period_start', -window_days) }}
            as is_history_complete
    from months
    inner join history on months.period_start >= history.first_month

)

select * from final

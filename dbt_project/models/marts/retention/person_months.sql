{{ config(materialized="view", schema="intermediate") }}

with months as (
    select * from {{ ref("months_to_measure") }}
),

spells as (
    select * from {{ ref("purchase_spells") }}
),

history as (
    select min(first_order_date) as history_start_date from {{ ref("purchase_spells") }}
),

-- A spell lasts from a month with an order to the month before the next one with an order:
-- joining on it costs one row per person and month, not one per person, month and order.
carried as (
    select
        spells.*,
        months.period_start as month_start,
        months.year_ago_start,
        months.window_start_at_start,
        months.window_start_at_end,
        history.history_start_date,
        spells.period_start = months.period_start as has_ordered
    from months
    inner join spells
        on
            months.period_start >= spells.period_start
            and months.period_start < spells.next_period_start
    cross join history
),

final as (
    select
        person_id,
        month_start as period_start,
        year_ago_start,
        window_start_at_start,
        window_start_at_end,
        generation,
        case when has_ordered then coalesce(earlier_channel, first_channel) else last_channel end
            as channel,
        case when has_ordered then coalesce(earlier_brand, first_brand) else last_brand end
            as brand,
        has_ordered,
        case when has_ordered then earlier_order_date else last_order_date end
            as order_date_before_start,
        last_order_date as order_date_before_end,
        second_last_order_date,
        first_order_date,
        history_start_date,
        cast(case when has_ordered then revenue else 0 end as {{ dbt.type_numeric() }})
            as revenue
    from carried
)

select * from final

with intervals as (

    select * from {{ ref('int_purchase_intervals') }}

),

months as (

    select max(period_start) as newest from {{ ref('int_months') }}

),

-- The month of the order: where the person belonged when it began, and whether still active then.
courses as (

    select
        brand_before as brand,
        channel_before as channel,
        generation,
        first_month,
        first_month as last_month,
        true as has_ordered,
        is_first,
        earlier_active_until as active_at_start_until,
        {{ add_months('active_until', -1) }} as active_at_end_until,
        {{ add_months('repeat_until', -1) }} as repeat_until,
        observed_from
    from intervals

    union all

    -- The months after it, until the next one with an order.
    select
        last_brand as brand,
        last_channel as channel,
        generation,
        {{ add_months('first_month', 1) }} as first_month,
        least({{ add_months('next_month', -1) }}, months.newest) as last_month,
        false as has_ordered,
        false as is_first,
        active_until as active_at_start_until,
        {{ add_months('active_until', -1) }} as active_at_end_until,
        {{ add_months('repeat_until', -1) }} as repeat_until,
        observed_from
    from intervals
    cross join months

),

final as (

    select * from courses
    where first_month <= last_month

)

select * from final

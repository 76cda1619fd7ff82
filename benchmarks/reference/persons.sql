-- What was known of each person in each month, over a view `orders` of the Parquet files. Amounts
-- are in one currency, the clock is UTC, and the window of activity is 365 days.

-- one row per order of a known person, beside what the person had done before it
create temp table purchases as
select
    customer_id as person_id,
    cast(ordered_at as date) as ordered_on,
    cast(date_trunc('month', ordered_at) as date) as month,
    cast(gross_amount as decimal(18, 2)) - cast(refunded_amount as decimal(18, 2)) as revenue,
    brand,
    channel,
    row_number() over person as position,
    lag(ordered_on) over person as ordered_before,
    lag(brand, 1, brand) over person as brand_before,
    lag(channel, 1, channel) over person as channel_before
from orders
where customer_id is not null
window person as (partition by customer_id order by ordered_at, order_id);

-- one row per person and month with an order: it describes the person until the next such month
create temp table order_months as
select
    person_id,
    month,
    max(ordered_on) as last_ordered_on,
    arg_max(ordered_before, position) as second_last_ordered_on,
    arg_min_null(ordered_before, position) as ordered_before,
    arg_min(brand_before, position) as brand_before,
    arg_min(channel_before, position) as channel_before,
    arg_max(brand, position) as last_brand,
    arg_max(channel, position) as last_channel,
    min(min(ordered_on)) over (partition by person_id) as first_ordered_on,
    lead(month, 1, date '9999-12-01') over (partition by person_id order by month) as next_month
from purchases
group by person_id, month;

create temp table months as
select
    month,
    month - 365 as window_at_start,
    cast(month + interval 1 month as date) - 365 as window_at_end,
    (select min(ordered_on) from purchases) <= window_at_start as is_history_complete
from (select distinct month from purchases);

-- one row per person and month since the person's first order
create temp table person_months as
with described as (
    select
        order_months.* exclude (month),
        months.*,
        order_months.month = months.month as has_ordered
    from order_months
    inner join months
        on months.month >= order_months.month and months.month < order_months.next_month
)

select
    described.month,
    is_history_complete,
    if(has_ordered, brand_before, last_brand) as brand,
    if(has_ordered, channel_before, last_channel) as channel,
    coalesce(if(has_ordered, ordered_before, last_ordered_on) >= window_at_start, false)
        as is_active_at_start,
    last_ordered_on >= window_at_end as is_active_at_end,
    first_ordered_on <= window_at_end as is_observed,
    coalesce(second_last_ordered_on >= window_at_end, false) as has_repeat
from described;

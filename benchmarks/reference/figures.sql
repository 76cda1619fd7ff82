-- The four retention metrics by company, brand and channel, over what persons.sql made: one row
-- per metric, month and segment, with the numerator and the denominator.

-- one row per cohort, the brand and channel of its first orders, and month since
create temp table cohort_months as
with members as (
    select
        person_id,
        month as cohort_month,
        brand_before as brand,
        channel_before as channel
    from order_months
    where ordered_before is null
)

select
    cohort_month,
    brand,
    channel,
    months.month,
    date_diff('month', cohort_month, months.month) as month_k,
    count(*) as member_count,
    count(order_months.person_id) as ordering_count
from members
inner join months on months.month >= cohort_month
left join order_months
    on members.person_id = order_months.person_id and months.month = order_months.month
group by all;

-- revenue of those who bought a year ago: over all, of the same brand, and over the same channel
create temp table revenue_pairs as
with of_months as (
    select
        person_id,
        month,
        brand,
        channel,
        sum(revenue) as revenue
    from purchases
    group by grouping sets (
        (person_id, month), (person_id, month, brand), (person_id, month, channel)
    )
)

select
    months.month,
    earlier.brand,
    earlier.channel,
    sum(coalesce(later.revenue, 0)) as revenue,
    sum(earlier.revenue) as revenue_year_ago
from of_months as earlier
inner join months on months.month = earlier.month + interval 12 month
left join of_months as later
    on
        earlier.person_id = later.person_id
        and months.month = later.month
        and earlier.brand is not distinct from later.brand
        and earlier.channel is not distinct from later.channel
group by all;

-- Everything else adds up: each segment is a sum of the finest groups.
with person_counts as (
    select
        month,
        brand,
        channel,
        is_history_complete,
        count(*) filter (where is_active_at_start) as active_count,
        count(*) filter (where is_active_at_start and is_active_at_end) as retained_count,
        count(*) filter (where is_observed and is_active_at_end) as buyer_count,
        count(*) filter (where is_observed and has_repeat) as repeat_count
    from person_months
    group by all
),

figures (metric_id, month, brand, channel, numerator, denominator) as (
    select 'retention_rate', month, brand, channel, retained_count, active_count
    from person_counts
    where is_history_complete
    union all
    select 'repeat_purchase_rate', month, brand, channel, repeat_count, buyer_count
    from person_counts
    union all
    select 'cohort_retention', month, brand, channel, ordering_count, member_count
    from cohort_months
    where month_k = 3
)

select
    metric_id,
    month,
    case when brand is not null then 'brand' when channel is not null then 'channel'
        else 'company' end as segment_name,
    coalesce(brand, channel, 'all') as segment_value,
    sum(numerator),
    sum(denominator)
from figures
group by grouping sets ((metric_id, month), (metric_id, month, brand), (metric_id, month, channel))
union all
select
    'net_revenue_retention',
    month,
    case when brand is not null then 'brand' when channel is not null then 'channel'
        else 'company' end,
    coalesce(brand, channel, 'all'),
    revenue,
    revenue_year_ago
from revenue_pairs
union all
select 'cohort_retention', month, 'month_k', cast(month_k as text), sum(ordering_count),
    sum(member_count)
from cohort_months
where month_k <= 12
group by month, month_k;

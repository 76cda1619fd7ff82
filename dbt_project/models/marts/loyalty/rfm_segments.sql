-- As in retention_by_person, months are named where they are joined, so that a query of one month
-- reads that month's rows alone.
with windows as (

    select
        months.period_start,
        windows.person_id,
        windows.order_count,
        windows.revenue
    from {{ ref('activity_months') }} as months
    inner join {{ ref('purchase_windows') }} as windows
        on {{ lies_in('months.period_start', 'windows') }}

),

intervals as (

    select
        months.period_start,
        months.period_end,
        intervals.person_id,
        intervals.generation,
        {{ in_month('months.period_start', 'channel') }} as channel,
        {{ in_month('months.period_start', 'brand') }} as brand,
        intervals.last_order_date
    from {{ ref('activity_months') }} as months
    inner join {{ ref('purchase_intervals') }} as intervals
        on {{ lies_in('months.period_start', 'intervals') }}

),

thresholds as (

    select * from {{ ref('rfm_thresholds') }}

),

scored as (

    select
        windows.person_id,
        windows.period_start,
        intervals.generation,
        intervals.channel,
        intervals.brand,
        {{ dbt.datediff('intervals.last_order_date', 'intervals.period_end', 'day') }}
            as recency_days,
        windows.order_count,
        windows.revenue,
        {{ score_by_thresholds('intervals.last_order_date', 'recency') }} as recency_score,
        {{ score_by_thresholds('windows.order_count', 'frequency') }} as frequency_score,
        {{ score_by_thresholds('windows.revenue', 'monetary') }} as monetary_score
    from windows
    inner join intervals
        on
            windows.person_id = intervals.person_id
            and windows.period_start = intervals.period_start
    inner join thresholds on windows.period_start = thresholds.period_start

),

final as (

    select
        *,
        {{ rfm_segment('recency_score', 'frequency_score', 'monetary_score') }} as rfm_segment,
        {{ is_champion_or_loyal('recency_score', 'frequency_score', 'monetary_score') }}
            as is_champion_or_loyal,
        true as is_scored
    from scored

)

select * from final

with months as (

    select * from {{ ref('activity_months') }}

),

windows as (

    select * from {{ ref('purchase_windows') }}

),

intervals as (

    select * from {{ ref('purchase_intervals') }}

),

thresholds as (

    select * from {{ ref('rfm_thresholds') }}

),

scored as (

    select
        windows.person_id,
        months.period_start,
        intervals.generation,
        {{ in_month('months.period_start', 'channel') }} as channel,
        {{ in_month('months.period_start', 'brand') }} as brand,
        {{ dbt.datediff('intervals.last_order_date', 'months.period_end', 'day') }}
            as recency_days,
        windows.order_count,
        windows.revenue,
        {{ score_by_thresholds('intervals.last_order_date', 'recency') }} as recency_score,
        {{ score_by_thresholds('windows.order_count', 'frequency') }} as frequency_score,
        {{ score_by_thresholds('windows.revenue', 'monetary') }} as monetary_score
    from months
    inner join windows on {{ lies_in('months.period_start', 'windows') }}
    -- The month alone tells the interval apart; its bounds let a query of one month find it.
    inner join intervals
        on
            windows.person_id = intervals.person_id
            and windows.order_month = intervals.first_month
            and {{ lies_in('months.period_start', 'intervals') }}
    inner join thresholds on months.period_start = thresholds.period_start

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

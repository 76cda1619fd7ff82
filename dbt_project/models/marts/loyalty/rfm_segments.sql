with months as (

    select * from {{ ref('activity_months') }}

),

windows as (

    select * from {{ ref('purchase_windows') }}

),

thresholds as (

    select * from {{ ref('rfm_thresholds') }}

),

scored as (

    select
        windows.person_id,
        months.period_start,
        windows.generation,
        {{ in_month('months.period_start', 'channel', 'windows', 'order_month') }} as channel,
        {{ in_month('months.period_start', 'brand', 'windows', 'order_month') }} as brand,
        {{ dbt.datediff('windows.last_order_date', 'months.period_end', 'day') }}
            as recency_days,
        windows.order_count,
        windows.revenue,
        {{ score_by_thresholds('windows.last_order_date', 'recency') }} as recency_score,
        {{ score_by_thresholds('windows.order_count', 'frequency') }} as frequency_score,
        {{ score_by_thresholds('windows.revenue', 'monetary') }} as monetary_score
    from months
    inner join windows on {{ lies_in('months.period_start', 'windows') }}
    inner join thresholds on months.period_start = thresholds.period_start
    where windows.revenue is not null

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

with months as (

    select * from {{ ref('activity_months') }}

),

bought as (

    select * from {{ ref('purchases') }}

),

intervals as (

    select * from {{ ref('purchase_intervals') }}

),

windowed as (

    select
        months.period_start,
        bought.person_id,
        sum(bought.order_count) as order_count,
        sum(bought.revenue) as revenue
    from months
    inner join bought
        on
            months.window_start_at_end <= bought.order_date
            and months.period_end > bought.order_date
    group by months.period_start, bought.person_id

),

scored as (

    select
        intervals.person_id,
        months.period_start,
        intervals.generation,
        {{ in_month('months.period_start', 'channel') }} as channel,
        {{ in_month('months.period_start', 'brand') }} as brand,
        {{ dbt.datediff('intervals.last_order_date', 'months.period_end', 'day') }}
            as recency_days,
        windowed.order_count,
        windowed.revenue,
        {{ score_by_thresholds('intervals.last_order_date', 'recency') }} as recency_score,
        {{ score_by_thresholds('windowed.order_count', 'frequency') }} as frequency_score,
        {{ score_by_thresholds('windowed.revenue', 'monetary') }} as monetary_score
    from months
    inner join intervals
        on
            months.period_start >= intervals.first_month
            and months.period_start < intervals.next_month
    inner join windowed
        on
            intervals.person_id = windowed.person_id
            and months.period_start = windowed.period_start
    inner join {{ ref('rfm_thresholds') }} as thresholds
        on months.period_start = thresholds.period_start

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

with months as (

    select * from {{ ref('activity_months') }}

),

bought as (

    select * from {{ ref('purchases') }}

),

intervals as (

    select * from {{ ref('purchase_intervals') }}

),

thresholds as (

    select * from {{ ref('rfm_thresholds') }}

),

windowed as (

    select
        months.period_start,
        months.period_end,
        bought.person_id,
        sum(bought.order_count) as order_count,
        sum(bought.revenue) as revenue
    from months
    inner join bought
        on
            months.window_start_at_end <= bought.order_date
            and months.period_end > bought.order_date
    group by months.period_start, months.period_end, bought.person_id

),

scored as (

    select
        windowed.*,
        intervals.generation,
        {{ in_month('windowed.period_start', 'channel') }} as channel,
        {{ in_month('windowed.period_start', 'brand') }} as brand,
        intervals.last_order_date,
        {{ score_by_thresholds('intervals.last_order_date', 'recency') }} as recency_score,
        {{ score_by_thresholds('windowed.order_count', 'frequency') }} as frequency_score,
        {{ score_by_thresholds('windowed.revenue', 'monetary') }} as monetary_score
    from windowed
    inner join intervals
        on
            windowed.person_id = intervals.person_id
            and windowed.period_start >= intervals.first_month
            and windowed.period_start < intervals.next_month
    inner join thresholds on windowed.period_start = thresholds.period_start

),

named as (

    select
        *,
        {{ rfm_segment('recency_score', 'frequency_score', 'monetary_score') }} as rfm_segment
    from scored

),

final as (

    select
        person_id,
        period_start,
        generation,
        channel,
        brand,
        {{ dbt.datediff('last_order_date', 'period_end', 'day') }} as recency_days,
        order_count,
        revenue,
        recency_score,
        frequency_score,
        monetary_score,
        rfm_segment,
        rfm_segment in ('champions', 'loyal') as is_champion_or_loyal,
        true as is_scored
    from named

)

select * from final

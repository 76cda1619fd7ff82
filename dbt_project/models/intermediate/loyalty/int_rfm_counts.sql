with months as (

    select * from {{ ref('int_activity_months') }}

),

windows as (

    select * from {{ ref('purchase_windows') }}

),

-- Every month of every person for as long as this query runs: ranks are among all of a month.
person_months as (

    select
        months.period_start,
        windows.generation,
        {{ in_month('months.period_start', 'channel', 'windows', 'order_month') }} as channel,
        {{ in_month('months.period_start', 'brand', 'windows', 'order_month') }} as brand,
        windows.last_order_date,
        windows.order_count,
        windows.revenue
    from windows
    inner join months on {{ lies_in('months.period_start', 'windows') }}

),

-- Whoever has an amount without an exchange rate in the window can't be ranked among the others.
scored as (

    select
        *,
        {{ quintile_score('last_order_date') }} as recency_score,
        {{ quintile_score('order_count') }} as frequency_score,
        {{ quintile_score('cast(revenue as ' ~ dbt.type_float() ~ ')') }} as monetary_score
    from person_months
    where revenue is not null

    union all

    select
        *,
        null as recency_score,
        null as frequency_score,
        null as monetary_score
    from person_months
    where revenue is null

),

-- Scores come first: numbers are compared faster than names.
final as (

    select
        period_start,
        recency_score,
        frequency_score,
        monetary_score,
        brand,
        channel,
        generation,
        count(*) as person_count,
        min(last_order_date) as earliest_last_order_date,
        cast(min(order_count) as {{ dbt.type_bigint() }}) as fewest_orders,
        min(revenue) as least_revenue
    from scored
    group by 1, 2, 3, 4, 5, 6, 7

)

select * from final

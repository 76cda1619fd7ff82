{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "person_id"], "unique": true}]
    )
}}

with months as (
    select * from {{ ref("months_to_measure") }}
),

orders as (
    select * from {{ ref("int_orders") }}
    where person_id is not null
),

persons as (
    select * from {{ ref("retention_by_person") }}
    where {{ of_months(ref("months_to_measure")) }}
),

windowed as (
    select
        months.period_start,
        months.period_end,
        orders.person_id,
        max(orders.order_date) as last_order_date,
        count(*) as order_count,
        cast(coalesce(sum(orders.net_amount), 0) as {{ dbt.type_numeric() }}) as revenue
    from months
    inner join orders
        on
            months.window_start_at_end <= orders.order_date
            and months.period_end > orders.order_date
    group by months.period_start, months.period_end, orders.person_id
),

scored as (
    select
        *,
        {{ quintile_score("last_order_date") }} as recency_score,
        {{ quintile_score("order_count") }} as frequency_score,
        {{ quintile_score("revenue") }} as monetary_score
    from windowed
),

named as (
    select
        *,
        {{ rfm_segment("recency_score", "frequency_score", "monetary_score") }} as rfm_segment
    from scored
),

final as (
    select
        named.person_id,
        named.period_start,
        persons.generation,
        persons.channel,
        persons.brand,
        {{ dbt.datediff("named.last_order_date", "named.period_end", "day") }} as recency_days,
        named.order_count,
        named.revenue,
        named.recency_score,
        named.frequency_score,
        named.monetary_score,
        named.rfm_segment,
        named.rfm_segment in ('champions', 'loyal') as is_champion_or_loyal,
        true as is_scored
    from named
    inner join persons
        on named.person_id = persons.person_id and named.period_start = persons.period_start
)

select * from final

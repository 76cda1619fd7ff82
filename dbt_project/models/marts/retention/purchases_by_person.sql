{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "person_id"], "unique": true}],
        schema="intermediate"
    )
}}

with orders as (
    select * from {{ ref("int_orders") }}
    where
        person_id is not null
        and {{ of_months(ref("months_to_measure")) }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_id, period_start order by ordered_at, order_key
        ) as first_rank,
        row_number() over (
            partition by person_id, period_start order by ordered_at desc, order_key desc
        ) as last_rank
    from orders
),

bought as (
    select
        person_id,
        period_start,
        count(*) as order_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        max(order_date) filter (where last_rank = 2) as second_last_order_date,
        max(coalesce(channel, 'unknown')) filter (where first_rank = 1) as first_channel,
        max(coalesce(brand, 'unknown')) filter (where first_rank = 1) as first_brand,
        max(coalesce(channel, 'unknown')) filter (where last_rank = 1) as last_channel,
        max(coalesce(brand, 'unknown')) filter (where last_rank = 1) as last_brand,
        {{ known_sum("net_amount") }} as revenue
    from ranked
    group by person_id, period_start
),

final as (
    select
        bought.*,
        coalesce(persons.generation, 'unknown') as generation
    from bought
    left join persons on bought.person_id = persons.person_id
)

select * from final

{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ forget_spells() }}",
        indexes=[{"columns": ["person_id", "period_start"], "unique": true}, {"columns": ["period_start"]}],
        schema="intermediate"
    )
}}

with purchases as (
    select * from {{ ref("purchases_by_person") }}
    {{ not_yet_spelled() }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

final as (
    select
        purchases.person_id,
        purchases.period_start,
        coalesce(persons.generation, 'unknown') as generation,
        purchases.last_order_date,
        purchases.first_channel,
        purchases.first_brand,
        purchases.last_channel,
        purchases.last_brand,
        purchases.revenue,
        coalesce(
            purchases.second_last_order_date, lag(purchases.last_order_date) over person
        ) as second_last_order_date,
        lag(purchases.last_order_date) over person as earlier_order_date,
        lag(purchases.last_channel) over person as earlier_channel,
        lag(purchases.last_brand) over person as earlier_brand,
        lead(purchases.period_start, 1, date '9999-12-01') over person as next_period_start,
        first_value(purchases.first_order_date) over person as first_order_date
    from purchases
    left join persons
        on purchases.person_id = persons.person_id
    window person as (partition by purchases.person_id order by purchases.period_start)
)

select * from final

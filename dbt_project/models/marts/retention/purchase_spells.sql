{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ forget_spells() }}",
        indexes=[
            {"columns": ["person_id", "period_start"], "unique": true},
            {"columns": ["period_start"]},
            {"columns": ["first_order_date"]},
            {"columns": ["build_since"]}
        ],
        schema="intermediate"
    )
}}

with purchases as (
    select * from {{ ref("purchases_by_person") }}
    {{ not_yet_spelled() }}
),

final as (
    select
        person_id,
        period_start,
        generation,
        first_order_date as first_order_date_in_month,
        second_last_order_date as second_last_order_date_in_month,
        last_order_date,
        first_channel,
        first_brand,
        last_channel,
        last_brand,
        revenue,
        coalesce(second_last_order_date, lag(last_order_date) over person)
            as second_last_order_date,
        lag(last_order_date) over person as earlier_order_date,
        lag(last_channel) over person as earlier_channel,
        lag(last_brand) over person as earlier_brand,
        lead(period_start, 1, date '9999-12-01') over person as next_period_start,
        first_value(first_order_date) over person as first_order_date,
        {{ build_since() }} as build_since
    from purchases
    window person as (partition by person_id order by period_start)
)

select * from final

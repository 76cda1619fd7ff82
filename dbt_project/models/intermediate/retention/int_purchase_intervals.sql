{%- set window_days = var('activity_window_days') -%}

with purchases as (

    select
        *,
        {{ month_start(add_days('last_order_date', window_days)) }} as active_until
    from {{ ref('int_purchase_months') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

laid_out as (

    select
        *,
        period_start as first_month,
        lead(period_start, 1, date '9999-12-01') over person as next_month,
        first_value(first_order_date) over person as first_order_date_ever,
        lag(last_order_date) over person as earlier_order_date,
        lag(active_until) over person as earlier_active_until,
        coalesce(second_last_order_date, lag(last_order_date) over person)
            as last_order_date_but_one,
        coalesce(lag(last_channel) over person, first_channel) as channel_before,
        coalesce(lag(last_brand) over person, first_brand) as brand_before
    from purchases
    window person as (partition by person_number order by period_start)

),

final as (

    select
        laid_out.person_number,
        laid_out.first_month,
        laid_out.next_month,
        persons.generation,
        laid_out.channel_before,
        laid_out.brand_before,
        laid_out.last_channel,
        laid_out.last_brand,
        laid_out.earlier_order_date is null as is_first,
        laid_out.earlier_active_until,
        laid_out.active_until,
        {{ month_start(add_days('laid_out.last_order_date_but_one', window_days)) }}
            as repeat_until,
        {{ month_start(add_days('laid_out.first_order_date_ever', window_days - 1)) }}
            as observed_from,
        laid_out.first_order_date_ever as first_order_date,
        laid_out.last_order_date
    from laid_out
    inner join persons on laid_out.person_number = persons.person_number

)

select * from final

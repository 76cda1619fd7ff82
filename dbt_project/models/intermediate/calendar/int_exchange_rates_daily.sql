with rates as (

    select
        *,
        upper(trim(currency)) as rated_currency
    from {{ ref('stg_exchange_rates') }}

),

days as (

    select * from {{ ref('int_calendar_days') }}

),

-- Two sources may quote the same day: the one loaded last is the better informed.
ranked as (

    select
        *,
        row_number() over (
            partition by rated_currency, rate_date
            order by loaded_at desc, source_name asc
        ) as position
    from rates

),

dated as (

    select
        rated_currency as currency,
        rate,
        rate_date,
        lead(rate_date, 1, date '9999-12-01') over (
            partition by rated_currency order by rate_date
        ) as next_rate_date
    from ranked
    where position = 1

),

final as (

    select
        dated.currency,
        days.calendar_date as rate_date,
        dated.rate
    from dated
    inner join days
        on
            dated.rate_date <= days.calendar_date
            and dated.next_rate_date > days.calendar_date

)

select * from final

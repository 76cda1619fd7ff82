with days as (

    select * from {{ ref('int_calendar_days') }}

),

-- The newest rate from before the calendar is that of its first day.
rates as (

    select
        *,
        upper(trim(currency)) as rated_currency,
        greatest(rate_date, (select min(calendar_date) from days)) as first_date
    from {{ ref('stg_exchange_rates') }}

),

-- Two sources may quote the same day: the one loaded last is the better informed.
ranked as (

    select
        *,
        row_number() over (
            partition by rated_currency, first_date
            order by rate_date desc, loaded_at desc, source_name asc
        ) as position
    from rates

),

quoted as (

    select * from ranked
    where position = 1

),

currencies as (

    select distinct rated_currency from quoted

),

-- A rate holds until the next: each day has the newest date of a rate up to it.
held as (

    select
        currencies.rated_currency,
        days.calendar_date,
        max(quoted.first_date) over (
            partition by currencies.rated_currency order by days.calendar_date
        ) as first_date
    from currencies
    cross join days
    left join quoted
        on
            currencies.rated_currency = quoted.rated_currency
            and days.calendar_date = quoted.first_date

),

final as (

    select
        held.rated_currency as currency,
        held.calendar_date as rate_date,
        quoted.rate
    from held
    inner join quoted using (rated_currency, first_date)

)

select * from final

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
    where rate > 0

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

quotes_and_days as (

    select
        rated_currency,
        first_date as calendar_date,
        rate,
        false as is_day
    from ranked
    where position = 1

    union all

    select
        currencies.rated_currency,
        days.calendar_date,
        null as rate,
        true as is_day
    from (select distinct rated_currency from ranked) as currencies
    cross join days

),

-- A rate holds until the next one: the days up to it have the same number of quotes before them.
numbered as (

    select
        *,
        count(rate) over (partition by rated_currency order by calendar_date) as quote_number
    from quotes_and_days

),

final as (

    select
        rated_currency as currency,
        calendar_date as rate_date,
        max(rate) over (partition by rated_currency, quote_number) as rate,
        is_day
    from numbered

)

select
    currency,
    rate_date,
    rate
from final
where is_day and rate is not null

with intervals as (

    select * from {{ ref('int_purchase_intervals') }}

),

-- An unknown amount is no revenue of 0: whoever has one in either month is compared with nobody.
bought as (

    select
        person_number,
        {{ add_months('first_month', 12) }} as period_start,
        revenue as revenue_prior_year
    from intervals
    where revenue is not null

),

compared as (

    select
        bought.period_start,
        intervals.generation,
        {{ in_month('bought.period_start', 'channel') }} as channel,
        {{ in_month('bought.period_start', 'brand') }} as brand,
        bought.revenue_prior_year,
        case when intervals.first_month = bought.period_start then intervals.revenue else 0 end
            as revenue
    from bought
    inner join intervals
        on
            bought.person_number = intervals.person_number
            and {{ lies_in('bought.period_start', 'intervals') }}
    where {{ is_reported_month('bought.period_start') }}

),

final as (

    select
        period_start,
        brand,
        channel,
        generation,
        count(*) as prior_year_buyer_count,
        sum(revenue) as revenue_retained,
        sum(revenue_prior_year) as revenue_prior_year
    from compared
    where revenue is not null
    group by 1, 2, 3, 4

)

select * from final

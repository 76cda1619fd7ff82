-- Each relation is named once by each query below: PostgreSQL would read all of one that is named
-- twice before it looks at the month.
with months as (

    select * from {{ ref('activity_months') }}

),

intervals as (

    select * from {{ ref('purchase_intervals') }}

),

advocates as (

    select distinct
        person_id,
        period_start
    from {{ ref('advocacies') }}

),

year_ago as (

    select
        later.period_start,
        earlier.person_id,
        earlier.revenue
    from {{ ref('activity_months') }} as later
    inner join {{ ref('purchase_intervals') }} as earlier
        on later.year_ago_start = earlier.first_month

),

person_months as (

    select
        months.period_start,
        months.is_history_complete,
        intervals.person_id,
        intervals.generation,
        {{ in_month('months.period_start', 'channel') }} as channel,
        {{ in_month('months.period_start', 'brand') }} as brand,
        {{ flags_in_month() }}
    from months
    inner join intervals on {{ lies_in('months.period_start', 'intervals') }}

),

final as (

    select
        person_months.*,
        case when person_months.revenue is null then 0 else coalesce(year_ago.revenue, 0) end
            as revenue_prior_year,
        case when year_ago.revenue is null then 0 else coalesce(person_months.revenue, 0) end
            as revenue_retained,
        person_months.revenue is not null and year_ago.revenue is not null
            as is_prior_year_buyer,
        person_months.is_active_at_end and advocates.person_id is not null as is_advocate,
        person_months.is_retained and advocates.person_id is not null as is_advocating_retained
    from person_months
    left join year_ago
        on
            person_months.person_id = year_ago.person_id
            and person_months.period_start = year_ago.period_start
    left join advocates
        on
            person_months.person_id = advocates.person_id
            and person_months.period_start = advocates.period_start

)

select * from final

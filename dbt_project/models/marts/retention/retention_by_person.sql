-- Each relation is named once by each query below: PostgreSQL would read all of one that is named
-- twice before it looks at the month.
with months as (

    select * from {{ ref('activity_months') }}

),

intervals as (

    select * from {{ ref('purchase_intervals') }}

),

advocates as (

    select
        person_id,
        period_start,
        bool_or(act_kind = 'referral') as has_referred
    from {{ ref('advocacies') }}
    group by person_id, period_start

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
        person_months.is_active_at_end and advocates.person_id is not null as is_advocate,
        person_months.is_retained and advocates.person_id is not null as is_advocating_retained,
        person_months.is_active_at_end and coalesce(advocates.has_referred, false) as is_referrer
    from person_months
    left join advocates
        on
            person_months.person_id = advocates.person_id
            and person_months.period_start = advocates.period_start

)

select * from final

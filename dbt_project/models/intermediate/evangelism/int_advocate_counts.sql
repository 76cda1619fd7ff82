with advocates as (

    select
        person_number,
        period_start,
        bool_or(act_kind = 'referral') as has_referred
    from {{ ref('int_advocacies') }}
    group by person_number, period_start

),

intervals as (

    select * from {{ ref('int_purchase_intervals') }}

),

placed as (

    select
        advocates.period_start,
        advocates.has_referred,
        intervals.generation,
        {{ in_month('advocates.period_start', 'channel') }} as channel,
        {{ in_month('advocates.period_start', 'brand') }} as brand,
        advocates.period_start <= case
            when intervals.first_month = advocates.period_start
                then intervals.earlier_active_until
            else intervals.active_until
        end as is_active_at_start,
        {{ add_months('advocates.period_start', 1) }} <= intervals.active_until as is_active_at_end
    from advocates
    inner join intervals
        on
            advocates.person_number = intervals.person_number
            and {{ lies_in('advocates.period_start', 'intervals') }}

),

final as (

    select
        period_start,
        brand,
        channel,
        generation,
        count(*) filter (where is_active_at_end) as advocate_count,
        count(*) filter (where is_active_at_end and is_active_at_start)
            as advocating_retained_count,
        count(*) filter (where is_active_at_end and has_referred) as referrer_count
    from placed
    group by 1, 2, 3, 4

)

select * from final

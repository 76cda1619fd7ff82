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

person_months as (

    select
        months.*,
        intervals.*,
        months.period_start = intervals.first_month as has_ordered,
        {{ in_month('months.period_start', 'channel') }} as channel,
        {{ in_month('months.period_start', 'brand') }} as brand,
        case
            when months.period_start = intervals.first_month then intervals.earlier_active_until
            else intervals.active_until
        end as active_at_start_until
    from months
    inner join intervals
        on
            months.period_start >= intervals.first_month
            and months.period_start < intervals.next_month

),

judged as (

    select
        person_months.*,
        coalesce(period_start <= active_at_start_until, false) as is_active_at_start,
        coalesce(period_start > active_at_start_until, false) as is_lapsed_at_start,
        period_end <= active_until as is_active_at_end,
        period_start >= observed_from as is_observed_full_window,
        coalesce(period_end <= repeat_until, false) as has_two_in_window,
        case when has_ordered then revenue else 0 end as revenue_in_month
    from person_months

),

final as (

    select
        judged.person_id,
        judged.period_start,
        judged.generation,
        judged.channel,
        judged.brand,
        judged.is_history_complete,
        judged.is_active_at_start,
        judged.is_active_at_end,
        judged.is_active_at_start and judged.is_active_at_end as is_retained,
        judged.is_lapsed_at_start,
        judged.is_lapsed_at_start and judged.has_ordered as is_reactivated,
        judged.has_ordered and judged.is_first as is_new,
        judged.is_observed_full_window,
        judged.is_observed_full_window and judged.is_active_at_end as has_order_in_window,
        judged.is_observed_full_window and judged.has_two_in_window as has_repeat_in_window,
        judged.revenue_in_month as revenue,
        case when judged.revenue_in_month is null then 0 else coalesce(year_ago.revenue, 0) end
            as revenue_prior_year,
        case when year_ago.revenue is null then 0 else coalesce(judged.revenue_in_month, 0) end
            as revenue_retained,
        year_ago.revenue is not null and judged.revenue_in_month is not null
            as is_prior_year_buyer,
        judged.is_active_at_end and advocates.person_id is not null as is_advocate,
        judged.is_active_at_start
        and judged.is_active_at_end
        and advocates.person_id is not null as is_advocating_retained
    from judged
    left join intervals as year_ago
        on
            judged.person_id = year_ago.person_id
            and judged.year_ago_start = year_ago.first_month
    left join advocates
        on
            judged.person_id = advocates.person_id
            and judged.period_start = advocates.period_start

)

select * from final

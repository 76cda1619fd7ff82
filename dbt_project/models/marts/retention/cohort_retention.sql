with intervals as (

    select * from {{ ref('int_purchase_intervals') }}

),

members as (

    select
        person_number,
        first_month as cohort_month,
        generation,
        channel_before as channel,
        brand_before as brand
    from intervals
    where is_first

),

cohorts as (

    select
        cohort_month,
        generation,
        channel,
        brand,
        count(*) as cohort_size
    from members
    group by 1, 2, 3, 4

),

ordering as (

    select
        members.cohort_month,
        members.generation,
        members.channel,
        members.brand,
        intervals.first_month as period_start,
        count(*) as ordering_count
    from members
    inner join intervals on members.person_number = intervals.person_number
    group by 1, 2, 3, 4, 5

),

-- Cohorts are laid out over all their months first: a month without any order is a true 0.
laid_out as (

    select
        months.period_start,
        cohorts.*,
        cast(
            {{ dbt.datediff('cohorts.cohort_month', 'months.period_start', 'month') }}
            as {{ dbt.type_int() }}
        ) as month_k
    from cohorts
    inner join {{ ref('int_activity_months') }} as months
        on cohorts.cohort_month <= months.period_start

),

final as (

    select
        laid_out.*,
        coalesce(ordering.ordering_count, 0) as ordering_count,
        case when month_k = 3 then cohort_size else 0 end as month_3_cohort_size,
        case when month_k = 3 then coalesce(ordering_count, 0) else 0 end
            as month_3_ordering_count
    from laid_out
    left join ordering using (cohort_month, generation, channel, brand, period_start)

)

select * from final

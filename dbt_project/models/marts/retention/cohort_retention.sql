{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "cohort_month", "generation", "channel", "brand"], "unique": true}]
    )
}}

with months as (
    select period_start from {{ ref("months_to_measure") }}
),

spells as (
    select * from {{ ref("purchase_spells") }}
),

members as (
    select
        person_id,
        period_start as cohort_month,
        generation,
        first_channel as channel,
        first_brand as brand
    from spells
    where earlier_order_date is null
),

cohorts as (
    select
        cohort_month,
        generation,
        channel,
        brand,
        count(*) as cohort_size
    from members
    group by cohort_month, generation, channel, brand
),

ordering as (
    select
        members.cohort_month,
        members.generation,
        members.channel,
        members.brand,
        spells.period_start,
        count(*) as ordering_count
    from members
    inner join spells on members.person_id = spells.person_id
    inner join months on spells.period_start = months.period_start
    group by 1, 2, 3, 4, 5
),

-- Cohorts are laid out over all their months first: a month without any order is a true 0.
laid_out as (
    select
        months.period_start,
        cohorts.*,
        cast(
            {{ dbt.datediff("cohorts.cohort_month", "months.period_start", "month") }}
            as {{ dbt.type_int() }}
        ) as month_k
    from cohorts
    inner join months on cohorts.cohort_month <= months.period_start
),

counted as (
    select
        laid_out.*,
        coalesce(ordering.ordering_count, 0) as ordering_count
    from laid_out
    left join ordering using (cohort_month, generation, channel, brand, period_start)
),

final as (
    select
        *,
        case when month_k = 3 then cohort_size else 0 end as month_3_cohort_size,
        case when month_k = 3 then ordering_count else 0 end as month_3_ordering_count
    from counted
)

select * from final

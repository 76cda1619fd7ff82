-- How many are customers by the end of a month is a sum of those who became one.
with joined as (

    select
        first_month,
        count(*) as customer_count
    from {{ ref('int_comparison_customers') }}
    group by first_month

),

months as (

    select
        comparisons.period_start,
        sum(joined.customer_count) as customer_count
    from (select distinct period_start from {{ ref('int_comparisons') }}) as comparisons
    inner join joined on comparisons.period_start >= joined.first_month
    group by comparisons.period_start

),

final as (

    select
        months.period_start,
        customers.person_number,
        row_number() over (
            partition by months.period_start
            order by customers.draw, customers.person_number
        ) as position
    from months
    inner join {{ ref('int_comparison_customers') }} as customers
        on
            months.period_start >= customers.first_month
            and {{ is_drawn(var('comparison_persons')) }}

)

select * from final

with months as (

    select distinct period_start from {{ ref('int_comparisons') }}

),

customers as (

    select
        months.period_start,
        customers.person_number,
        customers.draw,
        count(*) over (partition by months.period_start) as customer_count
    from months
    inner join {{ ref('int_comparison_customers') }} as customers
        on months.period_start >= customers.first_month

),

final as (

    select * from customers
    where {{ is_drawn(var('comparison_persons')) }}

)

select * from final

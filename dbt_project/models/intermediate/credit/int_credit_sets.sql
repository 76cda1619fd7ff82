with sales as (

    select * from {{ ref('int_credit_sales') }}

),

paths as (

    select * from {{ ref('int_credit_paths') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        sales.period_start,
        {{ group_of(
            'coalesce(persons.person_id, sales.guest_order_key)', var('credit_groups')
        ) }} as person_group,
        sales.brand,
        coalesce(paths.states, '') as states,
        coalesce(paths.last_department, 'none') as last_department,
        sum(case when sales.is_return then 0 else 1 end) as sale_count,
        sum(case when sales.revenue is null then 1 else 0 end) as unknown_revenue_count,
        coalesce(sum(sales.revenue), 0) as revenue
    from sales
    left join paths
        on sales.person_number = paths.person_number and sales.sale_at = paths.sale_at
    left join persons on sales.person_number = persons.person_number
    group by 1, 2, 3, 4, 5

)

select * from final

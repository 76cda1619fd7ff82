-- Touches of one state in a path share what the state is owed in equal parts.
with touches as (

    select
        person_number,
        sale_at,
        state,
        department,
        channel,
        campaign,
        count(*) as touch_count
    from {{ ref('int_credit_steps') }}
    where sale_at is not null and department is not null
    group by 1, 2, 3, 4, 5, 6

),

shared as (

    select
        *,
        touch_count / sum(touch_count) over (partition by person_number, sale_at, state) as share
    from touches

),

sales as (

    select * from {{ ref('int_credit_sales') }}

),

paths as (

    select * from {{ ref('int_credit_paths') }}

),

final as (

    select
        sales.period_start,
        sales.brand,
        paths.states,
        shared.state,
        shared.department,
        shared.channel,
        shared.campaign,
        sum(case when sales.is_return then 0 else shared.share end) as sales_weight,
        coalesce(sum(sales.revenue * shared.share), 0) as revenue_weight
    from sales
    inner join paths
        on sales.person_number = paths.person_number and sales.sale_at = paths.sale_at
    inner join shared
        on sales.person_number = shared.person_number and sales.sale_at = shared.sale_at
    group by 1, 2, 3, 4, 5, 6, 7

)

select * from final

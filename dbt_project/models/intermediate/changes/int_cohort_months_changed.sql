-- A changed order moves the cohort of its person: the month of the person's first order.
with orders as (

    select
        orders.period_start,
        orders.loaded_at,
        links.person_id,
        links.build_since
    from {{ ref('int_orders_converted') }} as orders
    inner join {{ ref('int_person_links') }} as links
        on orders.customer_key = links.customer_key

),

changed as (

    select distinct person_id from orders
    where loaded_at > {{ build_since() }} or build_since = {{ build_since() }}

),

firsts as (

    select
        person_id,
        min(period_start) as period_start
    from orders
    where person_id in (select person_id from changed)
    group by person_id

),

final as (

    select distinct period_start from firsts

)

select * from final

with orders as (

    select * from {{ ref('int_orders') }}
    where not is_return and person_number is not null

),

final as (

    select
        person_number,
        ordered_at,
        lead(ordered_at, 1, timestamp '9999-12-31') over person as next_ordered_at,
        row_number() over person as order_count,
        coalesce(sum(ordered_amount) over person, 0) as spend
    from orders
    window person as (partition by person_number order by ordered_at, order_key)

)

select * from final

with events as (

    select
        person_number,
        touched_at as happened_at,
        touch_key,
        state,
        department,
        channel,
        campaign,
        0 as is_sale
    from {{ ref('int_credit_touches') }}

    union all

    select distinct
        person_number,
        sale_at as happened_at,
        null as touch_key,
        null as state,
        null as department,
        null as channel,
        null as campaign,
        1 as is_sale
    from {{ ref('int_credit_sales') }}
    where person_number is not null and not is_return

),

-- A touch in the second of a sale comes before it.
final as (

    select
        *,
        min(case when is_sale = 1 then happened_at end) over (
            partition by person_number order by happened_at desc, is_sale desc
        ) as next_sale_at,
        coalesce(
            max(case when is_sale = 1 then happened_at end) over before_it,
            min(happened_at) over before_it
        ) as began_at
    from events
    window before_it as (partition by person_number order by happened_at asc, is_sale asc)

)

select * from final

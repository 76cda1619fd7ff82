{%- set days = comparison_outcomes()['ordered_within_7_days'] -%}

with orders as (

    select * from {{ ref('int_orders') }}

),

-- Whether somebody bought before the first order is unknown, as it is without any orders: not 0 %.
replies as (

    select
        *,
        {{ month_start(local_date('first_reply_at')) }} as served_month
    from {{ ref('int_conversations') }}
    where
        person_number is not null
        and first_reply_at >= (select min(orders.ordered_at) from orders)

),

months as (

    select * from {{ ref('int_months') }}
    where {{ is_known_after(days) }}

),

served as (

    select
        replies.*,
        months.period_start as counted_month,
        row_number() over (
            partition by replies.person_number, months.period_start
            order by replies.first_reply_at, replies.conversation_number
        ) as position
    from replies
    inner join months on replies.served_month = months.period_start

),

sales as (

    select distinct served.conversation_number
    from served
    inner join orders
        on
            served.person_number = orders.person_number
            and served.first_reply_at < orders.ordered_at
            and orders.ordered_at <= {{ days_after('served.first_reply_at', days) }}
    where served.position = 1 and not orders.is_return

),

final as (

    select
        persons.person_id,
        served.counted_month as period_start,
        served.conversation_key,
        served.first_reply_at as served_at,
        {{ conversation_segments('served', 'persons') }},
        true as is_served,
        sales.conversation_number is not null as has_ordered
    from served
    inner join {{ ref('int_persons') }} as persons on served.person_number = persons.person_number
    left join sales on served.conversation_number = sales.conversation_number
    where served.position = 1

)

select * from final

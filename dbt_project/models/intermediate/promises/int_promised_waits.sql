-- A wait begins, is measured from an instant on (a delivery from the promised one), and ends.
with conversations as (

    select * from {{ ref('int_conversations') }}

),

orders as (

    select * from {{ ref('int_orders') }}
    where not is_return and promised_at is not null

),

final as (

    select
        'first_reply' as measure,
        conversation_key as experience_key,
        person_number,
        channel,
        brand,
        asked_at as began_at,
        asked_at as measured_from,
        least(first_reply_at, solved_at) as ended_at
    from conversations
    where is_answer_known and asked_at is not null

    union all

    select
        'resolution' as measure,
        conversation_key as experience_key,
        person_number,
        channel,
        brand,
        opened_at as began_at,
        opened_at as measured_from,
        solved_at as ended_at
    from conversations
    where is_solve_known

    union all

    select
        'delivery' as measure,
        order_key as experience_key,
        person_number,
        channel,
        brand,
        ordered_at as began_at,
        promised_at as measured_from,
        case when delivered_at <= {{ as_of() }} then delivered_at end as ended_at
    from orders

)

select * from final

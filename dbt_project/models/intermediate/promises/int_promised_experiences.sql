-- A wait begins, is measured from an instant on (a delivery from the promised one), and ends: until
-- then nobody knows its value. What is measured at once has it.
with conversations as (

    select * from {{ ref('int_conversations') }}

),

orders as (

    select * from {{ ref('int_orders') }}
    where not is_return and promised_at is not null

),

waits as (

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

),

final as (

    select
        *,
        {{ minutes_between('measured_from', 'ended_at') }} as value
    from waits

    union all

    {% for model, measure, key, at, value in [
        ('int_satisfaction_ratings', "'rating'", 'rating_key', 'rated_at', 'score'),
        (
            'int_experiences', "'experience ' || measure", 'experience_key', 'experienced_at',
            'value',
        ),
    ] %}
        select
            {{ measure }} as measure,
            {{ key }} as experience_key,
            person_number,
            channel,
            brand,
            {{ at }} as began_at,
            cast(null as timestamp with time zone) as measured_from,
            {{ at }} as ended_at,
            {{ value }} as value
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final

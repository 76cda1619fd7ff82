with touches as (

    select * from {{ ref('int_touches') }}
    where touched_at >= {{ days_after(as_of(), -var('story_days')) }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

messages as (

    select
        *,
        {{ global_key('message_id') }} as message_key
    from {{ ref('stg_messages') }}
    {% if not var('story_private_texts') %}
        where is_public
    {% endif %}

),

final as (

    select
        persons.person_id,
        touches.touched_at,
        touches.kind,
        touches.department,
        touches.role,
        touches.channel,
        touches.is_public,
        touches.campaign,
        touches.ticket_key,
        cast(orders.ordered_amount as {{ dbt.type_numeric() }}) as amount,
        messages.text
    from touches
    inner join persons on touches.person_number = persons.person_number
    left join orders
        on
            touches.kind in ('order', 'return')
            and touches.touch_key = orders.order_key
    left join messages
        on
            touches.kind in ('customer_message', 'agent_message', 'mention', 'reply')
            and touches.touch_key = messages.message_key

)

select * from final

-- Where openings are known, a message that nobody opened is in no path: else mail earns every sale.
with touches as (

    select * from {{ ref('int_touches') }}
    where role <> 'outcome'

),

senders as (

    select
        source_name,
        channel,
        {{ knows_openings('source_name', "bool_or(kind in ('opened', 'clicked'))") }}
            as knows_openings
    from touches
    where kind in ('sent', 'opened', 'clicked')
    group by source_name, channel

),

final as (

    select
        touches.person_number,
        touches.touched_at,
        touches.touch_key,
        touches.department,
        touches.channel,
        touches.campaign,
        coalesce(touches.department, 'customer') || ' ' || touches.channel || ' ' || touches.role
            as state
    from touches
    left join senders
        on touches.source_name = senders.source_name and touches.channel = senders.channel
    where not (touches.kind = 'sent' and coalesce(senders.knows_openings, false))

)

select * from final

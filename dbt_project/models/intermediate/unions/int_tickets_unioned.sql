with tickets as (

    select * from {{ ref('int_tickets_known') }}

),

final as (

    select
        ticket_key,
        customer_key,
        created_at,
        solved_at,
        status,
        kind,
        channel,
        brand,
        topic,
        agent_key,
        campaign_key,
        source_name,
        loaded_at
    from tickets
    where not is_excluded

)

select * from final

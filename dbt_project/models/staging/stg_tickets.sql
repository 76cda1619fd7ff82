{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'tickets') }}

),

final as (

    select
        ticket_id,
        customer_id,
        created_at,
        solved_at,
        status,
        kind,
        channel,
        brand,
        topic,
        agent_id,
        campaign_id,
        priority,
        first_reply_due_at,
        solve_due_at,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

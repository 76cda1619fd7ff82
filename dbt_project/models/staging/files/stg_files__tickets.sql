with source as (

    select * from {{ source('raw_files', 'tickets') }}

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
        source_name,
        loaded_at
    from source

)

select * from final

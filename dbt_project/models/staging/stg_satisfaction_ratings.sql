{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'satisfaction_ratings') }}

),

final as (

    select
        rating_id,
        ticket_id,
        customer_id,
        rated_at,
        offered_at,
        score,
        scale_max,
        satisfied_from,
        channel,
        brand,
        agent_id,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'effort_ratings') }}

),

final as (

    select
        rating_id,
        ticket_id,
        customer_id,
        rated_at,
        score,
        scale_max,
        channel,
        brand,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

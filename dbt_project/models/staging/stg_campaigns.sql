{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'campaigns') }}

),

final as (

    select
        campaign_id,
        name,
        channel,
        brand,
        starts_on,
        ends_on,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

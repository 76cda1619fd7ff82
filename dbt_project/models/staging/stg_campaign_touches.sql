{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'campaign_touches') }}

),

final as (

    select
        touch_id,
        campaign_id,
        customer_id,
        sent_at,
        channel,
        status,
        is_control,
        is_unsubscribed,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

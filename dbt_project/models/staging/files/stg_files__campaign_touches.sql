with source as (

    select * from {{ source('raw_files', 'campaign_touches') }}

),

final as (

    select
        touch_id,
        campaign_id,
        customer_id,
        sent_at,
        channel,
        status,
        source_name,
        loaded_at
    from source

)

select * from final

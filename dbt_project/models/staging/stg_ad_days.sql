{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'ad_days') }}

),

final as (

    select
        campaign_id,
        channel,
        ad_date,
        impressions,
        clicks,
        reach,
        spend,
        currency,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'campaign_costs') }}

),

final as (

    select
        campaign_id,
        channel,
        cost_kind,
        cost_date,
        amount,
        currency,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

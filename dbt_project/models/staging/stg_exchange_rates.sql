{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'exchange_rates') }}

),

final as (

    select
        currency,
        rate_date,
        rate,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

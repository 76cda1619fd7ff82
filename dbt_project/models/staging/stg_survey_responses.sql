{#- Written by `make fix` from ingestion/contract: change it there. -#}
with source as (

    select * from {{ source('raw', 'survey_responses') }}

),

final as (

    select
        response_id,
        customer_id,
        answered_at,
        score,
        scale_max,
        survey_kind,
        channel,
        brand,
        comment,
        source_name,
        loaded_at
    from source
    where {{ is_configured('source_name') }}

)

select * from final

with source as (

    select * from {{ source('raw_files', 'exchange_rates') }}

),

final as (

    select
        currency,
        rate_date,
        rate,
        source_name,
        loaded_at
    from source

)

select * from final

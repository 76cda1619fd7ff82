with source as (

    select * from {{ source('raw_files', 'campaigns') }}

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

)

select * from final

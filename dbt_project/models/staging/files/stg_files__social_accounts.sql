with source as (

    select * from {{ source('raw_files', 'social_accounts') }}

),

final as (

    select
        network,
        account_id,
        handle,
        is_brand,
        brand,
        created_at,
        followers,
        source_name,
        loaded_at
    from source

)

select * from final

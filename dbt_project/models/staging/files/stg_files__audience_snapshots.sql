with source as (

    select * from {{ source('raw_files', 'audience_snapshots') }}

),

final as (

    select
        network,
        account_id,
        snapshot_date,
        followers,
        source_name,
        loaded_at
    from source

)

select * from final

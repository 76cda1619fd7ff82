with source as (

    select * from {{ source('raw_mastodon', 'audience_snapshots') }}

),

final as (

    select
        'mastodon' as network,
        account_id,
        snapshot_date,
        case when followers_count >= 0 then followers_count end as followers,
        source_name,
        loaded_at
    from source

)

select * from final

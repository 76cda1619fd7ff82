with source as (

    select * from {{ source('raw_mastodon', 'accounts') }}

),

final as (

    select
        'mastodon' as network,
        account_id,
        lower(acct) as handle,
        is_brand,
        brand,
        created_at,
        case when followers_count >= 0 then followers_count end as followers,
        source_name,
        loaded_at
    from source

)

select * from final

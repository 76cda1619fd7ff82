with staged as (

    {{ union_staging('audience_snapshots') }}

),

final as (

    select
        network,
        account_id,
        snapshot_date,
        followers,
        source_name,
        loaded_at
    from staged

)

select * from final

with staged as (

    {{ union_staging('social_accounts') }}

),

final as (

    select
        network,
        account_id,
        {{ normalised_handle('handle') }} as handle,
        is_brand,
        brand,
        created_at,
        followers,
        source_name,
        loaded_at
    from staged

)

select * from final

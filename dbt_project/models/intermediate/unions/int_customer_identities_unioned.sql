with staged as (

    {{ union_staging('customer_identities') }}

),

final as (

    select
        {{ global_key('customer_id') }} as customer_key,
        identity_type,
        identity_value,
        source_name,
        loaded_at
    from staged

)

select * from final

with customer_keys as (

    select * from {{ ref('int_customer_keys') }}

),

handles as (

    select
        customer_key,
        {{ dbt.hash('customer_key') }} as node,
        'handle' as key_kind,
        {{ dbt.hash("'handle:' || trim(handle_value)") }} as key_hash
    from {{ ref('int_handle_records') }}

),

final as (

    select
        customer_key,
        node,
        key_kind,
        key_hash,
        false as is_handle_record
    from customer_keys

    union all

    -- A customer record may name the handle that it writes with.
    select
        customer_key,
        node,
        key_kind,
        key_hash,
        customer_key like 'handle:%' as is_handle_record
    from handles
    where not exists (
        select 1 from {{ ref('int_customer_keys') }} as named
        where
            handles.customer_key = named.customer_key
            and handles.key_hash = named.key_hash
    )

)

select * from final

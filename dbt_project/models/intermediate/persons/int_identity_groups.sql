with keys as (

    select * from {{ ref('int_identity_keys') }}

),

counted as (

    select
        key_hash,
        count(*) as member_count,
        sum(case when is_handle_record then 0 else 1 end) as record_count,
        min(node) as hub_node
    from keys
    group by key_hash

),

final as (

    select
        key_hash,
        member_count,
        record_count,
        hub_node,
        record_count <= {{ var('shared_key_limit') }} as is_accepted
    from counted
    where member_count > 1

)

select * from final

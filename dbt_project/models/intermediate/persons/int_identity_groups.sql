with keys as (

    select * from {{ ref('int_identity_keys') }}

),

final as (

    select
        key_hash,
        count(*) as member_count,
        sum(case when is_handle_record then 0 else 1 end) as record_count,
        min(record_number) as hub_number,
        sum(case when is_handle_record then 0 else 1 end) <= {{ var('shared_key_limit') }}
            as is_accepted
    from keys
    group by key_hash
    having count(*) > 1

)

select * from final

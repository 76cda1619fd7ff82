with keys as (

    select * from {{ ref('int_identity_keys') }}
    where refusal is null

),

shared as (

    select
        key_hash,
        sum(case when is_handle_record then 0 else 1 end) as record_count,
        min(record_number) as hub_number
    from keys
    group by key_hash
    having count(*) > 1

),

-- Few records are few persons at the most. Many are one person's (a new record at each purchase)
-- or many persons' (a reception): what else identifies them says which.
crowds as (

    select
        shared.key_hash,
        count(distinct others.key_hash) as other_count
    from shared
    inner join keys as members on shared.key_hash = members.key_hash
    left join keys as others
        on
            members.record_number = others.record_number
            and members.key_hash <> others.key_hash
            and others.key_kind <> 'source_id'
    where shared.record_count > {{ var('shared_key_limit') }}
    group by shared.key_hash

),

final as (

    select
        shared.key_hash,
        shared.record_count,
        shared.hub_number,
        crowds.other_count,
        coalesce(crowds.other_count, 0) <= {{ var('shared_key_limit') }} as is_accepted
    from shared
    left join crowds on shared.key_hash = crowds.key_hash

)

select * from final

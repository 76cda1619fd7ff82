with keys as (

    select * from {{ ref('int_identity_keys') }}

),

shared as (

    select * from {{ ref('int_identity_groups') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        links.customer_key,
        links.person_id,
        keys.key_kind,
        keys.key_hash,
        shared.record_count,
        shared.is_accepted,
        case
            when shared.is_accepted then 'the same ' || keys.key_kind
            else
                'refused: more than {{ var('shared_key_limit') }} records share this '
                || keys.key_kind
        end as reason
    from keys
    inner join shared on keys.key_hash = shared.key_hash
    inner join links on keys.record_number = links.record_number

)

select * from final

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
        shared.other_count,
        coalesce(shared.is_accepted, false) as is_accepted,
        case
            when not shared.is_accepted then 'is shared by too many'
            else keys.refusal
        end as refusal,
        case
            when shared.is_accepted then 'the same ' || keys.key_kind
            when keys.refusal is not null
                then 'refused: this ' || keys.key_kind || ' ' || keys.refusal
            else
                'refused: records with more than {{ var('shared_key_limit') }} other identifiers'
                || ' share this ' || keys.key_kind
        end as reason
    from keys
    left join shared on keys.key_hash = shared.key_hash
    inner join links on keys.record_number = links.record_number
    where keys.refusal is not null or shared.key_hash is not null

)

select * from final

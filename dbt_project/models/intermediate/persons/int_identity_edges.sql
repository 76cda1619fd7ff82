with keys as (

    select * from {{ ref('int_identity_keys') }}

),

shared as (

    select * from {{ ref('int_identity_groups') }}
    where is_accepted

),

-- A star around one record of each identifier, not every pair: enough to connect them.
spokes as (

    select
        keys.record_number,
        shared.hub_number
    from keys
    inner join shared on keys.key_hash = shared.key_hash
    where keys.record_number <> shared.hub_number

),

final as (

    select
        record_number as from_number,
        hub_number as to_number
    from spokes

    union

    select
        hub_number as from_number,
        record_number as to_number
    from spokes

)

select * from final

{{ config(materialized='table', indexes=[{'columns': ['from_node']}]) }}

with keys as (

    select
        node,
        key_hash
    from {{ ref('int_identity_keys') }}

),

shared as (

    select * from {{ ref('int_identity_groups') }}
    where is_accepted

),

-- A star around one record of each identifier, not every pair: enough to connect them.
spokes as (

    select distinct
        keys.node,
        shared.hub_node
    from keys
    inner join shared on keys.key_hash = shared.key_hash
    where keys.node <> shared.hub_node

),

final as (

    select
        node as from_node,
        hub_node as to_node
    from spokes

    union

    select
        hub_node as from_node,
        node as to_node
    from spokes

)

select * from final

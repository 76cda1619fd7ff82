{{ config(materialized='table', indexes=[{'columns': ['node'], 'unique': true}]) }}

-- A record's label travels only over records with a greater one, and starts only where no
-- neighbour is smaller. Labels are hashes, so of the labels that set out few reach far: a
-- chain of n records costs about n log n steps, where the closure of all pairs costs n * n.
with recursive edges as (

    select * from {{ ref('int_identity_edges') }}

),

reached as (

    select
        from_node as node,
        from_node as label
    from edges
    group by from_node
    having min(to_node) > from_node

    union

    select
        edges.to_node as node,
        reached.label
    from reached
    inner join edges on reached.node = edges.from_node
    where edges.to_node > reached.label

),

final as (

    select
        node,
        min(label) as component
    from reached
    group by node

)

select * from final

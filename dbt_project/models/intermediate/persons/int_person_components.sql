-- A record's label travels only over records with a greater one, and starts only where no
-- neighbour is smaller. The records' numbers are in no order, so of the labels that set out few
-- reach far: a chain of n records costs about n log n steps, where the closure of all pairs costs
-- n * n.
with recursive edges as (

    select * from {{ ref('int_identity_edges') }}

),

reached as (

    select
        from_number as record_number,
        from_number as label
    from edges
    group by from_number
    having min(to_number) > from_number

    union

    select
        edges.to_number as record_number,
        reached.label
    from reached
    inner join edges on reached.record_number = edges.from_number
    where edges.to_number > reached.label

),

final as (

    select
        record_number,
        min(label) as component
    from reached
    group by record_number

)

select * from final

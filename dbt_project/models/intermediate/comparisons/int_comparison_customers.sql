-- The draw is a hash of the public id: the same persons are drawn on each run.
with final as (

    select
        intervals.person_number,
        intervals.first_month,
        {{ group_of('persons.person_id', comparison_draws()) }} as draw
    from {{ ref('int_purchase_intervals') }} as intervals
    inner join {{ ref('int_persons') }} as persons
        on intervals.person_number = persons.person_number
    where intervals.is_first

)

select * from final

with intervals as (

    select * from {{ ref('int_purchase_intervals') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        persons.person_id,
        intervals.first_month,
        intervals.next_month,
        intervals.generation,
        intervals.channel_before,
        intervals.brand_before,
        intervals.last_channel,
        intervals.last_brand,
        intervals.is_first,
        intervals.earlier_active_until,
        intervals.active_until,
        intervals.repeat_until,
        intervals.observed_from,
        intervals.last_order_date
    from intervals
    inner join persons on intervals.person_number = persons.person_number

)

-- The rows behind a recent month lie together, and are read without the rest.
select * from final
order by next_month desc, person_id asc

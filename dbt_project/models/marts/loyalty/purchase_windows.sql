with windows as (

    select * from {{ ref('int_rfm_windows') }}

),

intervals as (

    select * from {{ ref('int_purchase_intervals') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        persons.person_id,
        windows.first_month,
        windows.next_month,
        windows.order_month,
        intervals.generation,
        intervals.channel_before,
        intervals.brand_before,
        intervals.last_channel,
        intervals.last_brand,
        intervals.last_order_date,
        windows.order_count,
        windows.revenue
    from windows
    inner join intervals
        on
            windows.person_number = intervals.person_number
            and windows.order_month = intervals.first_month
    inner join persons on windows.person_number = persons.person_number

)

-- As in purchase_intervals: the rows behind a recent month lie together.
select * from final
order by next_month desc, person_id asc

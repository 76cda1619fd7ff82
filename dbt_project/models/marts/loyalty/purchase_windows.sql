with windows as (

    select * from {{ ref('int_rfm_windows') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        persons.person_id,
        windows.first_month,
        windows.next_month,
        windows.order_count,
        windows.revenue
    from windows
    inner join persons on windows.person_number = persons.person_number

)

-- As in purchase_intervals: the rows behind a recent month lie together.
select * from final
order by next_month desc, person_id asc

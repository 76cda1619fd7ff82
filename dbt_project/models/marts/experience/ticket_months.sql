with months as (

    select * from {{ ref('int_months') }}

),

tickets as (

    select min(period_start) as first_month
    from {{ ref('conversations') }}
    where is_ticket

),

final as (

    select
        months.period_start,
        months.period_end
    from months
    inner join tickets on months.period_start >= tickets.first_month

)

select * from final

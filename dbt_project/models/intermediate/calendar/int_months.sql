with days as (

    select * from {{ ref('int_calendar_days') }}

),

final as (

    select
        period_start,
        {{ add_months('period_start', 1) }} as period_end,
        {{ add_months('period_start', -12) }} as year_ago_start
    from days
    where calendar_date = period_start and {{ has_begun('period_start') }}

)

select * from final

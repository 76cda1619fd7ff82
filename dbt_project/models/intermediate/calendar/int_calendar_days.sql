with days as (

    {{ day_spine(
        "cast('" ~ var('calendar_start') ~ "' as date)",
        "(" ~ local_date(as_of()) ~ " + 400)"
    ) }}

),

final as (

    select
        calendar_date,
        {{ month_start('calendar_date') }} as period_start
    from days

)

select * from final

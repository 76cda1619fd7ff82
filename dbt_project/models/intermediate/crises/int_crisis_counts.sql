-- A month of a brand with enough history, and without a crisis, has none.
with histories as (

    select * from {{ source('analytics', 'crisis_histories') }}

),

months as (

    select * from {{ ref('int_months') }}

),

crises as (

    select * from {{ ref('int_crises') }}

),

final as (

    select
        months.period_start,
        histories.brand,
        count(crises.began_at) as crisis_count
    from histories
    inner join months on {{ month_start('histories.judged_from') }} <= months.period_start
    left join crises
        on
            histories.brand = crises.brand
            and months.period_start = crises.period_start
    group by months.period_start, histories.brand

)

select * from final

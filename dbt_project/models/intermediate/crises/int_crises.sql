with crises as (

    select * from {{ source('analytics', 'crises') }}

),

final as (

    select
        *,
        {{ month_start(local_date('began_at')) }} as period_start
    from crises

)

select * from final

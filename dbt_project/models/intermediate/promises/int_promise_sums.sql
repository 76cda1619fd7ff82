with outcomes as (

    select * from {{ ref('int_promise_outcomes') }}

),

kept as (

    select
        promise_id,
        channel,
        brand,
        decided_month as period_start,
        count(*) as kept_count
    from outcomes
    where is_kept
    group by 1, 2, 3, 4

),

ended as (

    select
        promise_id,
        channel,
        brand,
        ended_month as period_start,
        count(*) as ended_count,
        sum(value - promised) as gap
    from outcomes
    where ended_at is not null
    group by 1, 2, 3, 4

),

final as (

    select
        promise_id,
        channel,
        brand,
        period_start,
        coalesce(kept.kept_count, 0) as kept_count,
        coalesce(ended.ended_count, 0) as ended_count,
        cast(coalesce(ended.gap, 0) as {{ dbt.type_numeric() }}) as gap
    from kept
    full join ended using (promise_id, channel, brand, period_start)

)

select * from final

with outcomes as (

    select * from {{ ref('int_promise_outcomes') }}

),

-- What was broken is a row each; of what was kept, and of how far all came, sums are enough.
final as (

    select
        outcomes.promise_id as promise,
        outcomes.experience_key,
        persons.person_id,
        outcomes.began_at,
        outcomes.decided_at as broken_at,
        outcomes.ended_at,
        cast(outcomes.promised as {{ dbt.type_numeric() }}) as promised,
        cast(outcomes.value as {{ dbt.type_numeric() }}) as value,
        outcomes.channel,
        outcomes.brand,
        outcomes.decided_month as period_start,
        0 as kept_count,
        1 as decided_count,
        0 as ended_count,
        cast(0 as {{ dbt.type_numeric() }}) as gap
    from outcomes
    left join {{ ref('int_persons') }} as persons
        on outcomes.person_number = persons.person_number
    where not outcomes.is_kept

    union all

    select
        promise_id as promise,
        null as experience_key,
        null as person_id,
        null as began_at,
        null as broken_at,
        null as ended_at,
        null as promised,
        null as value,
        channel,
        brand,
        period_start,
        kept_count,
        kept_count as decided_count,
        ended_count,
        gap
    from {{ ref('int_promise_sums') }}

)

select * from final

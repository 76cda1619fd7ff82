-- A promise is kept when it ends in time, and broken from the instant on at which it no longer can.
with decided as (

    select
        *,
        case
            when is_kept then ended_at
            when due_at is null then ended_at
            when due_at < {{ as_of() }} then due_at
        end as decided_at
    from {{ ref('int_promise_applications') }}

),

final as (

    select
        promise_id,
        promised,
        experience_key,
        person_number,
        channel,
        brand,
        began_at,
        ended_at,
        decided_at,
        {{ month_start(local_date('ended_at')) }} as ended_month,
        {{ month_start(local_date('decided_at')) }} as decided_month,
        value,
        case when decided_at is not null then coalesce(is_kept, false) end as is_kept
    from decided
    where ended_at is not null or decided_at is not null

)

select * from final

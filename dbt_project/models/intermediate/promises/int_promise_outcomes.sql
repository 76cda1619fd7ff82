with promises as (

    select
        *,
        coalesce(at_most, at_least) as promised
    from {{ source('concord', 'promises') }}

),

experiences as (

    select * from {{ ref('int_promised_experiences') }}

),

promised as (

    select
        promises.promise_id,
        promises.promised,
        experiences.experience_key,
        experiences.person_number,
        coalesce(experiences.channel, 'unknown') as channel,
        coalesce(experiences.brand, 'unknown') as brand,
        experiences.began_at,
        experiences.ended_at,
        experiences.value,
        case
            when experiences.value is not null
                then
                    coalesce(experiences.value <= promises.at_most, true)
                    and coalesce(experiences.value >= promises.at_least, true)
        end as is_kept,
        {{ dbt.dateadd(
            'second', 'cast(60 * promises.at_most as integer)', 'experiences.measured_from'
        ) }} as due_at
    from promises
    inner join experiences
        on
            promises.measure = experiences.measure
            and (promises.brand is null or promises.brand = experiences.brand)
            and (promises.channel is null or promises.channel = experiences.channel)
            and {{ local_date('experiences.began_at') }} >= promises.valid_from
            and (
                promises.valid_to is null
                or {{ local_date('experiences.began_at') }} <= promises.valid_to
            )

),

-- A promise is kept when it ends in time, and broken from the instant on at which it no longer can.
decided as (

    select
        *,
        case
            when is_kept then ended_at
            when due_at is null then ended_at
            when due_at < {{ as_of() }} then due_at
        end as decided_at
    from promised

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

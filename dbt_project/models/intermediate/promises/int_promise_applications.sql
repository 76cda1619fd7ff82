with promises as (

    select
        *,
        coalesce(at_most, at_least) as promised
    from {{ source('concord', 'promises') }}

),

experiences as (

    select * from {{ ref('int_promised_experiences') }}

),

final as (

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

)

select * from final

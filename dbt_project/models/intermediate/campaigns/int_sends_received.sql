-- By person first: counting distinct persons at once would sort all sends.
with received as (

    select
        campaign,
        channel,
        period_start,
        person_number,
        count(*) as send_count,
        count(*) filter (where is_delivered) as delivered_count
    from {{ ref('int_sends') }}
    group by 1, 2, 3, 4

),

final as (

    select
        campaign,
        channel,
        period_start,
        cast(sum(send_count) as {{ dbt.type_bigint() }}) as send_count,
        cast(sum(delivered_count) as {{ dbt.type_bigint() }}) as delivered_count,
        count(person_number) filter (where delivered_count > 0) as persons_reached
    from received
    group by 1, 2, 3

)

select * from final

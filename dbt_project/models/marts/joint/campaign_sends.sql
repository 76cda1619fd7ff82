with counts as (

    select * from {{ ref('int_send_counts') }}

),

into_complaints as (

    select * from {{ ref('int_sends_into_complaints') }}

),

met as (

    select
        campaign,
        channel,
        brand,
        generation,
        period_start,
        count(*) as send_count,
        count(*) filter (where is_delivered) as delivered_count
    from into_complaints
    group by 1, 2, 3, 4, 5

),

final as (

    select
        cast(null as {{ dbt.type_string() }}) as touch_key,
        cast(null as {{ dbt.type_string() }}) as person_id,
        cast(null as timestamp with time zone) as sent_at,
        counts.period_start,
        counts.campaign,
        counts.channel,
        counts.brand,
        counts.generation,
        counts.send_count - coalesce(met.send_count, 0) as send_count,
        counts.delivered_count - coalesce(met.delivered_count, 0) as delivered_count,
        counts.judged_send_count - coalesce(met.send_count, 0) as judged_send_count,
        0 as open_complaint_send_count
    from counts
    left join met using (campaign, channel, brand, generation, period_start)
    where counts.send_count > coalesce(met.send_count, 0)

    union all

    select
        touch_key,
        person_id,
        sent_at,
        period_start,
        campaign,
        channel,
        brand,
        generation,
        1 as send_count,
        case when is_delivered then 1 else 0 end as delivered_count,
        1 as judged_send_count,
        1 as open_complaint_send_count
    from into_complaints

)

select * from final

-- Hours by the clock on the wall, as the daily cycle of what people write follows it.
with mentions as (

    select * from {{ ref('int_mentions') }}

),

final as (

    select
        coalesce(brand, 'unknown') as brand,
        {{ local_date('sent_at') }} as calendar_date,
        {{ local_hour('sent_at') }} as hour_of_day,
        count(*) as mention_count,
        count(*) filter (where sentiment_label = 'negative') as negative_count
    from mentions
    group by 1, 2, 3

)

select * from final

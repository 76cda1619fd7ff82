-- What a source never names it doesn't know: that nobody opened or left says nothing there.
with sends as (

    select
        *,
        status in ('opened', 'clicked') as is_opened,
        status = 'clicked' as is_clicked,
        coalesce(is_unsubscribed, false) as has_left
    from {{ ref('int_sends') }}
    where is_delivered and channel = 'email'

),

sources as (

    select
        source_name,
        {{ knows_openings('source_name', 'bool_or(is_opened)') }} as knows_openings,
        bool_or(is_clicked) as knows_clicks,
        bool_or(is_unsubscribed is not null) as knows_unsubscriptions
    from sends
    group by source_name

),

-- A send to nobody known stands for a person of its own.
final as (

    select
        sends.campaign,
        sends.channel,
        sends.brand,
        sends.period_start,
        sends.person_number,
        bool_or(sends.is_opened) filter (where sources.knows_openings) as has_opened,
        bool_or(sends.is_clicked) filter (where sources.knows_clicks) as has_clicked,
        bool_or(sends.has_left) filter (where sources.knows_unsubscriptions) as has_unsubscribed
    from sends
    inner join sources on sends.source_name = sources.source_name
    group by
        sends.campaign,
        sends.channel,
        sends.brand,
        sends.period_start,
        sends.person_number,
        case when sends.person_number is null then sends.touch_key end

)

select * from final

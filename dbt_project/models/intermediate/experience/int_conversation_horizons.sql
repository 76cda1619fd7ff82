with conversations as (

    select * from {{ ref('int_conversations') }}
    where {{ is_reported_month('period_start') }}

),

days as (

    select * from {{ ref('int_calendar_days') }}

),

bounded as (

    select
        *,
        {{ observed_until('opened_at') }} as observed_until,
        {{ observed_until('asked_at') }} as reply_observed_until
    from conversations

),

final as (

    select
        bounded.*,
        greatest(0, {{ minutes_between('bounded.opened_at', 'bounded.observed_until') }})
            as observed_minutes,
        greatest(0, {{ minutes_between('bounded.asked_at', 'bounded.reply_observed_until') }})
            as reply_observed_minutes,
        {{ minutes_between('bounded.opened_at', as_of()) }} >= 1440 as is_reply_due_24h,
        ({{ business_minutes_until('bounded.observed_until', 'last_days') }})
        - ({{ business_minutes_until('bounded.opened_at', 'first_days') }})
            as observed_business_minutes,
        ({{ business_minutes_until('bounded.reply_observed_until', 'last_reply_days') }})
        - ({{ business_minutes_until('bounded.asked_at', 'asking_days') }})
            as reply_observed_business_minutes
    from bounded
    left join days as first_days on bounded.opened_date = first_days.calendar_date
    left join days as asking_days
        on {{ local_date('bounded.asked_at') }} = asking_days.calendar_date
    left join days as last_days
        on {{ local_date('bounded.observed_until') }} = last_days.calendar_date
    left join days as last_reply_days
        on {{ local_date('bounded.reply_observed_until') }} = last_reply_days.calendar_date

)

select * from final

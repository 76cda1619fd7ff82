with conversations as (

    select * from {{ ref('int_conversations') }}
    where {{ is_reported_month('period_start') }}

),

hours as (

    select * from {{ ref('int_business_hours') }}

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
        ({{ business_minutes_until('bounded.observed_until', 'last_hours') }})
        - ({{ business_minutes_until('bounded.opened_at', 'first_hours') }})
            as observed_business_minutes,
        ({{ business_minutes_until('bounded.reply_observed_until', 'last_reply_hours') }})
        - ({{ business_minutes_until('bounded.asked_at', 'asking_hours') }})
            as reply_observed_business_minutes
    from bounded
    left join hours as first_hours
        on {{ in_business_hours('bounded.opened_at', 'bounded.calendar_number', 'first_hours') }}
    left join hours as asking_hours
        on {{ in_business_hours('bounded.asked_at', 'bounded.calendar_number', 'asking_hours') }}
    left join hours as last_hours
        on {{ in_business_hours(
            'bounded.observed_until', 'bounded.calendar_number', 'last_hours'
        ) }}
    left join hours as last_reply_hours
        on {{ in_business_hours(
            'bounded.reply_observed_until', 'bounded.calendar_number', 'last_reply_hours'
        ) }}

)

select * from final

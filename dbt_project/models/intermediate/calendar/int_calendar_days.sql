{%- set hours = var('business_hours') -%}

with days as (

    {{ day_spine(
        "cast('" ~ var('calendar_start') ~ "' as date)",
        "(" ~ local_date(as_of()) ~ " + 400)"
    ) }}

),

opened as (

    select
        calendar_date,
        case
            when {{ weekday('calendar_date') }} in ({{ hours['days'] | join(', ') }})
                then {{ local_instant('calendar_date', hours['start']) }}
        end as business_starts_at,
        case
            when {{ weekday('calendar_date') }} in ({{ hours['days'] | join(', ') }})
                then {{ local_instant('calendar_date', hours['end']) }}
        end as business_ends_at
    from days

),

measured as (

    select
        *,
        coalesce(
            {{ minutes_between('business_starts_at', 'business_ends_at') }}, 0
        ) as business_minutes
    from opened

),

final as (

    select
        calendar_date,
        {{ month_start('calendar_date') }} as period_start,
        business_starts_at,
        business_ends_at,
        business_minutes,
        sum(business_minutes) over (order by calendar_date) - business_minutes
            as business_minutes_before
    from measured

)

select * from final

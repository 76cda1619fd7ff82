{{ config(materialized="view", schema="intermediate") }}

with conversations as (
    select * from {{ ref("int_conversations") }}
    where period_start in (select period_start from {{ ref("experience_months_to_measure") }})
),

first_days as (
    select * from {{ ref("int_calendar_days") }}
),

last_days as (
    select * from {{ ref("int_calendar_days") }}
),

bounded as (
    select
        conversation_key,
        period_start,
        opened_at,
        least(
            {{ as_of() }},
            {{ dbt.dateadd("minute", observation_minutes(), "opened_at") }}
        ) as observed_until
    from conversations
),

final as (
    select
        bounded.conversation_key,
        bounded.period_start,
        bounded.observed_until,
        greatest(0, {{ minutes_between("bounded.opened_at", "bounded.observed_until") }})
            as observed_minutes,
        {{ minutes_between("bounded.opened_at", as_of()) }} >= 1440 as is_reply_due_24h,
        ({{ business_minutes_until("bounded.observed_until", "last_days") }})
        - ({{ business_minutes_until("bounded.opened_at", "first_days") }})
            as observed_business_minutes
    from bounded
    left join first_days
        on {{ local_date("bounded.opened_at") }} = first_days.calendar_date
    left join last_days
        on {{ local_date("bounded.observed_until") }} = last_days.calendar_date
)

select * from final

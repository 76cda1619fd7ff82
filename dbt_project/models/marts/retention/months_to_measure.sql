{{ config(materialized="view", schema="intermediate") }}

{% set window_days = var("activity_window_days") %}

with months as (
    select distinct period_start
    from {{ ref("int_months_to_refresh") }}
    where area in ('orders', 'advocacy')
),

ended as (
    select
        period_start,
        cast({{ dbt.dateadd("month", 1, "period_start") }} as date) as period_end,
        cast({{ dbt.dateadd("month", -12, "period_start") }} as date) as year_ago_start
    from months
),

final as (
    select
        *,
        cast({{ dbt.dateadd("day", -window_days, "period_start") }} as date)
            as window_start_at_start,
        cast({{ dbt.dateadd("day", -window_days, "period_end") }} as date) as window_start_at_end
    from ended
)

select * from final

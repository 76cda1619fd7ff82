-- One row per complete month: the value with its interval, its natural limits, the year before
-- and the target.
with series as (
$series
)

select
    period_start as "Month",
    value as "Value",
    prior_year_value as "Prior year",
    target as "Target",
    case when suppressed_reason is null then limit_low end as "Lower limit",
    case when suppressed_reason is null then limit_high end as "Upper limit",
    ci_low as "95 % from",
    ci_high as "95 % to"
from series
where period_start > (select max(period_start) - interval '24 months' from series)
order by period_start

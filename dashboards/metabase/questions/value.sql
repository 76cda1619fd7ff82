-- One row per complete month up to the card's. A card whose month is suppressed shows nothing, and
-- never an older month in its place.
with series as (
$series
),

latest as (
    select * from series
    where period_start = $month
)

select
    series.period_start as "Month",
    series.value as "Value",
    series.prior_year_value as "Prior year",
    series.target as "Target"
from series
inner join latest on series.period_start <= latest.period_start and latest.value is not null
order by series.period_start $order

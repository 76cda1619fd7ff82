latest as (
    select * from series
    where value is not null or suppressed_reason is not null
    order by period_start desc
    limit 1
)

-- One row per published figure of a complete month that a later publication changed, newest first.
select
    case metric_id
        $titles
    end as "Metric",
    to_char(period_start, 'Mon YYYY') as "Month",
    case when segment_name = 'company' then '' else segment_name || ' ' || segment_value end
        as "Segment",
    old_value as "Was",
    new_value as "Is",
    cause as "By",
    detail as "Why",
    restated_at as "Published"
from published.restatements
where metric_id in ($metrics)
order by restated_at desc, segment_name <> 'company', metric_id, period_start desc
limit 500

-- One row per complete month and value of the segment, over the last twelve months.
select
    s.period_start as "Month",
    $label as $title,
    $columns
from published.scorecard as s
where
    s.segment_name = $segment_name
    and s.metric_id in ($metric_ids)
    and not s.is_partial
    and s.period_start > $month - interval '12 months'
    [[and to_char(s.period_start, 'YYYY-MM') <= greatest({{period}})]]
group by s.period_start, s.segment_value
order by s.period_start desc, s.segment_value

-- One row per complete month and value of the segment, over the last 24 months: the figure, its
-- interval, and on which side of zero that lies. A suppressed one says why.
select
    s.period_start as "Month",
    $segment_value as $segment,
    s.value as $value,
    s.ci_low as "95 % from",
    s.ci_high as "95 % to",
    case
        when s.value is null then 'suppressed'
        when s.ci_low > 0 then $above
        when s.ci_high < 0 then $below
        when s.ci_low is not null then $includes
    end as "Interval",
    s.n as "n",
    coalesce(s.suppressed_reason, s.left_out) as "Left out"
from published.scorecard as s
where
    s.metric_id = $metric_id
    and s.segment_name = $segment_name
    and not s.is_partial
    and s.period_start > $month - interval '24 months'
    [[and to_char(s.period_start, 'YYYY-MM') <= greatest({{period}})]]
order by s.period_start desc, 2

-- One row per card whose signal turned to worsening within the last day: complete months with
-- enough cases only. No row, no alert.
select
    case t.metric_id
        $titles
    end as "Card",
    to_char(t.period_start, 'Mon YYYY') as "Month",
    s.value as "Value",
    s.limit_low as "Lower limit",
    s.limit_high as "Upper limit",
    s.prior_year_value as "Prior year",
    s.target as "Target",
    s.n as "n",
    o.marketing_owner as "Owner in Marketing",
    o.service_owner as "Owner in Service"
from published.signal_changes as t
inner join published.scorecard as s
    on
        t.metric_id = s.metric_id
        and t.segment_name = s.segment_name
        and t.segment_value = s.segment_value
        and t.period_start = s.period_start
left join published.scorecard_owners as o
    on
        t.metric_id = o.metric_id
        and t.segment_name = o.segment_name
        and t.segment_value = o.segment_value
where
    t.changed_at > now() - interval '24 hours'
    and s.signal = 'worsening'
    and not s.is_partial
    and s.suppressed_reason is null
    and (t.metric_id, t.segment_name, t.segment_value) in ($places)
order by 1

select
    s.period_start,
    s.is_partial,
    s.value,
    s.n,
    s.ci_low,
    s.ci_high,
    s.prior_year_value,
    s.target,
    s.limit_low,
    s.limit_high,
    s.signal,
    s.target_status,
    s.suppressed_reason,
    s.left_out,
    s.data_as_of,
    s.definition_version
from published.scorecard as s
where
    s.metric_id = $metric_id
    and not s.is_partial
    and $segment
    [[and to_char(s.period_start, 'YYYY-MM') <= greatest({{period}})]]

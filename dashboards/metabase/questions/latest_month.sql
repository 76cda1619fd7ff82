r.period_start = (
        select max(s.period_start)
        from published.scorecard as s
        where
            s.metric_id = $metric_id
            and s.segment_name = $segment_name
            and s.segment_value = $segment_value
            and not s.is_partial
            and (s.value is not null or s.suppressed_reason is not null)
            [[and to_char(s.period_start, 'YYYY-MM') <= greatest({{period}})]]
    )

"""Holding the new scorecard against the published one: which differences are explained."""

from psycopg import sql

NO_SHIFT = sql.SQL("true")
UNEXPLAINED = sql.SQL(
    """
    not exists (
        select 1 from concord.baseline_shifts as shifts
        where
            shifts.metric_id = old.metric_id
            and shifts.shifted_on >= old.period_start
            and shifts.shifted_on < old.period_start + interval '1 month'
    )
    """
)

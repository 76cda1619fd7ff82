"""Holding the new scorecard against the published one: which differences are explained."""

from psycopg import sql

from expectations.suites.marts.board import Board


def unexplained(board: Board) -> sql.SQL:
    """Give the condition that no baseline shift explains the published row `old`."""
    return _UNEXPLAINED if board.has("concord.baseline_shifts") else sql.SQL("true")


_UNEXPLAINED = sql.SQL(
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

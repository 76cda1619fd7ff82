"""The two gates, as orchestration asks for them.

Each looks at what there is, puts its suite's questions, and gives an Outcome. Cheap to import.
"""

from datetime import datetime

import psycopg

from expectations.context import GateError, judge
from expectations.limits import ArrivalLimits, PublishLimits
from expectations.outcome import BLOCKING, WARNING, Check, Failure, Outcome
from expectations.suites import marts, raw
from expectations.suites.marts.board import look_at_board
from expectations.suites.raw.arrivals import look_at_arrivals

__all__ = [
    "BLOCKING",
    "WARNING",
    "ArrivalLimits",
    "Check",
    "Failure",
    "GateError",
    "Outcome",
    "PublishLimits",
    "arrival",
    "publishable",
]


def arrival(
    url: str, source_name: str, schema: str, as_of: datetime, limits: ArrivalLimits
) -> Outcome:
    """Judge gate 1: what the source called `source_name` brought into the raw `schema`."""
    with psycopg.connect(url) as connection:
        arrivals = look_at_arrivals(connection, source_name, schema, as_of)
    return Outcome("arrival", source_name, judge(url, raw.suite(arrivals, limits)))


def publishable(url: str, limits: PublishLimits) -> Outcome:
    """Judge gate 2: whether readers may see what the marts say now."""
    with psycopg.connect(url) as connection:
        board = look_at_board(connection)
    return Outcome("publishable", "scorecard", judge(url, marts.suite(board, limits)))

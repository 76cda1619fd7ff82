"""The two gates, as orchestration asks for them.

Each looks at what there is, asks its suites of it, and gives an Outcome. Cheap to import: Great
Expectations, which takes seconds, is imported when a gate is asked.
"""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from expectations.context import GateError, judge
from expectations.entities import ArrivingEntity
from expectations.limits import ArrivalLimits, PublishLimits
from expectations.outcome import BLOCKING, WARNING, Check, Failure, Outcome

__all__ = [
    "BLOCKING",
    "WARNING",
    "ArrivalLimits",
    "ArrivingEntity",
    "Check",
    "Failure",
    "GateError",
    "Outcome",
    "PublishLimits",
    "arrival",
    "publishable",
]


def arrival(
    url: str,
    source_name: str,
    as_of: datetime,
    limits: ArrivalLimits,
    entities: Sequence[ArrivingEntity],
    others: Sequence[str] = (),
) -> Outcome:
    """Judge gate 1: what the source called `source_name` brought into `raw`.

    `others` are sources whose ids are said to be neither the same nor others.
    """
    from expectations.suites import raw

    with psycopg.connect(url) as connection:
        arrivals = raw.look_at_arrivals(connection, source_name, as_of, entities, others)
    asked = raw.suites(arrivals)
    checks = judge(url, raw.inputs(arrivals, limits), asked) if asked else ()
    return Outcome("arrival", source_name, checks)


def publishable(url: str, as_of: datetime, limits: PublishLimits) -> Outcome:
    """Judge gate 2: whether readers may see what the marts say at `as_of`."""
    from expectations.suites import marts

    with psycopg.connect(url) as connection:
        board = marts.look_at_board(connection)
    if board is None:
        return Outcome("publishable", "scorecard", ())
    checks = judge(url, marts.inputs(board, as_of, limits), marts.suites(board))
    return Outcome("publishable", "scorecard", checks)

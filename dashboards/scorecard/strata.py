"""The strata of a matched comparison: whose outcomes are held against whose, and how they add up.

Reads `comparison_strata` through a `Reader`; figures are computed before they are published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from dashboards.scorecard import formatting
from dashboards.scorecard.cards import CardView
from dashboards.scorecard.queries import SCHEMA, Reader
from dashboards.scorecard.records import ScorecardRow

COMPARED = "matched_comparisons"
MART = "comparison_strata"
_OUTCOMES = {"sales_matched_count": "7", "retention_matched_count": "90"}
_MOST_SHOWN = 40
COLUMNS = (
    "days since the last order",
    "orders in 365 days",
    "contacts in 365 days",
    "money",
    "generation",
    "had it",
    "ordered",
    "others",
    "ordered",
    "expected",
)

_RECENCY = {30: "0 to 30", 90: "31 to 90", 180: "91 to 180", 365: "181 to 365", 366: "more"}
_FREQUENCY = {0: "0", 1: "1", 2: "2 or 3", 4: "4 or more"}
_CONTACTS = {0: "0", 1: "1", 2: "2 or more"}
_MONEY = {None: "any", 1: "lowest third", 2: "middle third", 3: "highest third"}


@dataclass(frozen=True)
class Strata:
    """The strata of one comparison as texts, those of most persons first, and what they sum up to.

    `sums` adds up all strata with others: persons, those who ordered, and how many were expected.
    """

    lines: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...]
    effect: str
    total: int
    days: str


def strata(reader: Reader, card: CardView) -> Strata | None:
    """Read the strata behind a figure; None for one that is no matched comparison's."""
    row, item = card.row, card.definition
    days = _OUTCOMES.get(item.rows_denominator or "")
    if row is None or card.state != "value" or item.rows_mart != COMPARED or days is None:
        return None
    rows = _rows(reader, row, days) if reader.has(MART) else []
    if not rows:
        return None
    matched = [each for each in rows if each["others"]]
    sums = [sum(each[name] for each in matched) for name in ("had", "ordered", "expected")]
    return Strata(
        lines=tuple(_line(each) for each in rows[:_MOST_SHOWN]),
        sums=(*map(formatting.number, sums[:2]), formatting.number(sums[2], 2)),
        effect=formatting.signed(sums[1] - sums[2], 2),
        total=len(rows),
        days=days,
    )


def _rows(reader: Reader, row: ScorecardRow, days: str) -> Sequence[dict[str, Any]]:
    """Read one comparison's strata; the lift of service is that of its event."""
    name, chosen = row.segment
    ordered = (sql.Identifier(f"{side}_ordered_within_{days}_days") for side in ("had", "others"))
    query = sql.SQL(
        "select recency, frequency, contacts, money_third, generation, had_count as had,"
        " {} as ordered, others_count as others, {others} as others_ordered,"
        " had_count * {others}::float8 / nullif(others_count, 0) as expected from {table}"
        " where event = %(event)s and period_start = %(start)s"
        " order by had_count desc, recency, frequency, contacts, money_third, generation"
    ).format(next(ordered), others=next(ordered), table=sql.Identifier(SCHEMA, MART))
    event = chosen if name == "event" else "service"
    return reader.dicts(query, {"event": event, "start": row.period_start})


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    counts = (formatting.number(row[name]) for name in ("had", "ordered", "others"))
    others, expected = ("", "no counterpart")
    if row["others"]:
        others = formatting.number(row["others_ordered"])
        expected = formatting.number(row["expected"], 2)
    return (
        _RECENCY[row["recency"]],
        _FREQUENCY[row["frequency"]],
        _CONTACTS[row["contacts"]],
        _MONEY[row["money_third"]],
        row["generation"] or "any",
        *counts,
        others,
        expected,
    )

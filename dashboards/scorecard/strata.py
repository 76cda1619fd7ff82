"""The strata of a matched comparison: whose outcomes are held against whose, and how they add up.

Reads `comparison_strata` through a `Reader`; figures are computed before they are published.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from dashboards.scorecard import formatting
from dashboards.scorecard.cards import CardView
from dashboards.scorecard.queries import SCHEMA, Reader
from dashboards.scorecard.records import ScorecardRow

COMPARED = "matched_comparisons"
MART = "comparison_strata"
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
    outcome: str


def strata(reader: Reader, card: CardView) -> Strata | None:
    """Read the strata behind a figure; None for one that is no matched comparison's."""
    if card.row is None or card.state != "value" or card.definition.rows_mart != COMPARED:
        return None
    if not (reader.has(COMPARED) and reader.has(MART)):
        return None
    compared = _compared(reader, card.row, card.definition.rows_denominator or "")
    rows = _rows(reader, card.row, *compared) if compared else []
    if not (compared and rows):
        return None
    matched = [each for each in rows if each["others"]]
    sums = [sum(each[name] for each in matched) for name in ("had", "ordered", "expected")]
    return Strata(
        lines=tuple(_line(each) for each in rows[:_MOST_SHOWN]),
        sums=(*map(formatting.number, sums[:2]), formatting.number(sums[2], 2)),
        effect=formatting.signed(sums[1] - sums[2], 2),
        total=len(rows),
        outcome=compared[1].replace("_", " "),
    )


def _compared(reader: Reader, row: ScorecardRow, counted: str) -> tuple[str, str] | None:
    """Return the event and the outcome of the comparison that a figure counts."""
    query = sql.SQL(
        "select event, outcome from {} where period_start = %(start)s and {} is not null"
        " and (%(name)s <> 'event' or event = %(chosen)s)"
    ).format(sql.Identifier(SCHEMA, COMPARED), sql.Identifier(counted))
    name, chosen = row.segment
    values = {"start": row.period_start, "name": name, "chosen": chosen}
    return next(((each["event"], each["outcome"]) for each in reader.dicts(query, values)), None)


def _rows(reader: Reader, row: ScorecardRow, event: str, outcome: str) -> list[dict[str, Any]]:
    query = sql.SQL(
        "select recency, frequency, contacts, money_third, generation, had_count as had,"
        " {had} as ordered, others_count as others, {others} as others_ordered,"
        " had_count * {others}::float8 / nullif(others_count, 0) as expected from {table}"
        " where event = %(event)s and period_start = %(start)s"
        " order by had_count desc, recency, frequency, contacts, money_third, generation"
    ).format(
        had=sql.Identifier(f"had_{outcome}"),
        others=sql.Identifier(f"others_{outcome}"),
        table=sql.Identifier(SCHEMA, MART),
    )
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

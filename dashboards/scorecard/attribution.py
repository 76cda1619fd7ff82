"""What each department is credited with by three methods, side by side, and how far they differ.

Reads the rows of `credited_sales` through a `Reader`: removal effects are what the cards show,
Shapley values and the last touch are there to be compared with.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import sql

from dashboards.scorecard import definition, formatting
from dashboards.scorecard.queries import SCHEMA, Reader

MART = "credited_sales"
METHODS = {
    "removal effects": "revenue",
    "Shapley values": "shapley_revenue",
    "last touch": "last_touch_revenue",
}


@dataclass(frozen=True)
class AttributionLine:
    """One department: an amount and its share of all sales by each method, as texts."""

    department: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Attribution:
    """What was sold in a month, shared by each of the methods."""

    methods: tuple[str, ...]
    lines: tuple[AttributionLine, ...]
    disagreement: str


def attribution(reader: Reader, start: date, brand: str | None = None) -> Attribution | None:
    """Read how a month's sales, of all brands or one, are shared; None where nothing was sold."""
    sums = _sums(reader, start, brand)
    totals = [sum(each[column] for each in sums) for column in METHODS.values()]
    if not all(total > 0 for total in totals):
        return None
    amounts = {
        definition.load().value_title(each["department"]): [each[c] for c in METHODS.values()]
        for each in sums
    }
    shares = {
        department: [100 * amount / total for amount, total in zip(found, totals, strict=True)]
        for department, found in amounts.items()
    }
    lines = tuple(
        AttributionLine(
            department,
            tuple(
                (formatting.number(amount), formatting.joined((formatting.number(share, 1), "%")))
                for amount, share in zip(found, shares[department], strict=True)
            ),
        )
        for department, found in amounts.items()
    )
    return Attribution(tuple(METHODS), lines, _disagreement(shares))


def _sums(reader: Reader, start: date, brand: str | None) -> list[dict[str, Any]]:
    query = sql.SQL(
        "select department, {} from {} where period_start = %(start)s"
        " and (%(brand)s::text is null or brand = %(brand)s) group by department"
        " order by array_position(array['marketing', 'service', 'none'], department)"
    ).format(
        sql.SQL(", ").join(
            sql.SQL("coalesce(sum({0}), 0) as {0}").format(sql.Identifier(column))
            for column in METHODS.values()
        ),
        sql.Identifier(SCHEMA, MART),
    )
    return reader.dicts(query, {"start": start, "brand": brand})


def _disagreement(shares: dict[str, list[float]]) -> str:
    """Say by how many points the methods differ where they differ most."""
    ranges = {name: max(found) - min(found) for name, found in shares.items()}
    widest = max(ranges, key=lambda name: ranges[name])
    points = formatting.number(ranges[widest], 1)
    return f"The three differ by at most {points} percentage points: {widest}."

"""Funnel plots of a month: each channel, team and shift among the limits of what chance explains.

Reads the rows of `csat_units` and the curves of `csat_funnels` through a `Reader`; where a unit
lies was decided before anything was published. How a funnel is drawn is in `funnel_charts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from psycopg import sql

from dashboards.scorecard import definition, formatting
from dashboards.scorecard.queries import SCHEMA, Reader

MART, CURVES = "csat_units", "csat_funnels"
WITHIN = "within"
_WORDS = {
    WITHIN: "within the limits",
    "above": "above, beyond 95\u2009%",
    "below": "below, beyond 95\u2009%",
    "far_above": "outlier, above",
    "far_below": "outlier, below",
}


@dataclass(frozen=True)
class Mark:
    """One unit in the plot: share in percent, and its place as `funnel_position` says it."""

    unit: str
    answers: float
    share: float
    position: str

    @property
    def is_outlier(self) -> bool:
        return self.position.startswith("far")


@dataclass(frozen=True)
class Limits:
    """The limits for so many answers, in percent, from the lower 99.8 % to the upper."""

    answers: float
    lowest: float
    low: float
    high: float
    highest: float


@dataclass(frozen=True)
class UnitLine:
    """One unit in the table beneath the plots, as texts."""

    unit: str
    answers: str
    share: str
    shrunken: str
    inner: str
    outer: str
    place: str


@dataclass(frozen=True)
class Funnel:
    """One dimension of a month; without marks where nothing can be compared."""

    dimension: str
    common: float
    marks: tuple[Mark, ...]
    curve: tuple[Limits, ...]
    lines: tuple[UnitLine, ...]

    @property
    def in_words(self) -> str:
        """Say what the plot shows to those who don't see it."""
        common = formatting.number(self.common, 1)
        others = [f"{mark.unit} {_WORDS[mark.position]}" for mark in self.marks if _is_told(mark)]
        rest = "all within the limits" if not others else "; ".join(others)
        return f"By {self.dimension}: {common}\u2009% of all answers; {rest}"


def funnels(reader: Reader, start: date, dimension: str = "") -> tuple[Funnel, ...]:
    """Read the funnels of a month, of all dimensions or one."""
    if not (reader.has(MART) and reader.has(CURVES)):
        return ()
    units = _rows(reader, MART, "answered_count desc, unit", start, dimension)
    curves = _rows(reader, CURVES, "step", start, dimension)
    return tuple(
        _funnel(name, list(rows), [each for each in curves if each["dimension"] == name])
        for name, rows in groupby(units, key=lambda row: row["dimension"])
    )


def _rows(reader: Reader, table: str, order: str, start: date, dimension: str) -> list[dict]:
    query = sql.SQL(
        "select * from {} where period_start = %(start)s"
        " and (%(dimension)s = '' or dimension = %(dimension)s) order by dimension, {}"
    ).format(sql.Identifier(SCHEMA, table), sql.SQL(order))
    return reader.dicts(query, {"start": start, "dimension": dimension})


def _funnel(dimension: str, units: list[dict], curve: list[dict]) -> Funnel:
    return Funnel(
        dimension=definition.load().value_title(dimension),
        common=curve[0]["common_share"] if curve else 0.0,
        marks=tuple(_marks(units)),
        curve=tuple(
            Limits(
                each["answered_count"],
                each["lowest_expected"],
                each["low_expected"],
                each["high_expected"],
                each["highest_expected"],
            )
            for each in curve
        ),
        lines=tuple(map(_line, units)),
    )


def _marks(units: Iterable[dict]) -> Iterable[Mark]:
    for row in units:
        if row["funnel_position"] is not None:
            yield Mark(row["unit"], row["answered_count"], row["share"], row["funnel_position"])


def _is_told(mark: Mark) -> bool:
    return mark.position != WITHIN


def _line(row: dict) -> UnitLine:
    return UnitLine(
        unit=row["unit"],
        answers=formatting.number(row["answered_count"]),
        share=_percent(row["share"]),
        shrunken=_percent(row["shrunken_share"]),
        inner=_between(row["low_expected"], row["high_expected"]),
        outer=_between(row["lowest_expected"], row["highest_expected"]),
        place=_place(row),
    )


def _place(row: dict) -> str:
    if row["funnel_position"] is not None:
        return _WORDS[row["funnel_position"]]
    if row["unit"] == "unknown":
        return "not known which"
    return "nothing to compare with" if row["compared_answered_count"] else "too few answers"


def _percent(share: float | None) -> str:
    return "" if share is None else formatting.joined((formatting.number(share, 1), "%"))


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else formatting.interval((low, high), "percent", 1)

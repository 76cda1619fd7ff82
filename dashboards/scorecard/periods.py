"""The periods that a history shows: neighbours in the calendar, whether they have a row or not.

What is drawn of a row belongs to `cards`, how it is drawn to `charts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.scorecard.records import ScorecardRow

_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """One period of the calendar; without a row it is a gap."""

    start: date
    grain: str
    row: ScorecardRow | None


def last_periods(rows: Sequence[ScorecardRow], count: int) -> tuple[Period, ...]:
    """Return the `count` periods up to the last row's, without those before there was any row."""
    if not rows:
        return ()
    grain, last = rows[-1].period_grain, rows[-1].period_start
    known = {row.period_start: row for row in rows}
    starts = [_months_before(last, _MONTHS_OF[grain] * back) for back in reversed(range(count))]
    first = next(place for place, start in enumerate(starts) if start in known)
    return tuple(Period(start, grain, known.get(start)) for start in starts[first:])


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)

"""Crises of the warehouse's brands: reads what dbt counted by hour, writes what was found.

Reads intermediate.int_negative_hours. Writes analytics.crises, one row per crisis, and
analytics.crisis_histories, one row per brand that has a baseline, with the first day that could be
judged. All is found anew at each run; a day is judged by the days before it alone, so later days
leave what was found alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

from analytics import tables
from analytics.crises.baseline import LEAST_DAYS, Baseline, Floats, baseline
from analytics.crises.detection import Crisis, crises

_TABLES = """
create table if not exists analytics.crises (
    brand text not null,
    began_at timestamptz not null,
    detected_at timestamptz not null,
    peaked_at timestamptz not null,
    ended_at timestamptz,
    peak_count bigint not null,
    peak_expected double precision not null,
    primary key (brand, began_at)
);
create table if not exists analytics.crisis_histories (
    brand text primary key,
    judged_from date not null
)
"""

_HOURS = """
select brand, calendar_date, hour_of_day, negative_count
from intermediate.int_negative_hours
order by brand, calendar_date
"""

# The models that it reads.
READ = ("int_negative_hours",)

Hour = tuple[str, date, int, int]


@dataclass(frozen=True)
class Report:
    """How many crises were found, and for how many brands there is a baseline, and none."""

    crises: int
    brands: int
    too_little_history: int


@dataclass(frozen=True)
class History:
    """A brand's negative mentions by day and hour, from its first whole day to the current hour."""

    brand: str
    first_day: date
    zone: ZoneInfo
    counts: Floats
    hours: int

    @property
    def is_enough(self) -> bool:
        return len(self.counts) > LEAST_DAYS

    @property
    def judged_from(self) -> date:
        return self.first_day + timedelta(days=LEAST_DAYS)

    def instant(self, hour: int) -> datetime:
        """Return when an hour begins, by the clock on the wall."""
        day = self.first_day + timedelta(days=hour // 24)
        return datetime.combine(day, time(hour % 24), self.zone).astimezone(UTC)


def prepare(url: str) -> None:
    """Make the tables where they don't exist yet."""
    tables.prepare(url, _TABLES)


def find_crises(url: str, zone: ZoneInfo, as_of: datetime) -> Report:
    """Find all crises anew, and replace those of the last run."""
    prepare(url)
    with psycopg.connect(url) as connection:
        read = histories(connection.execute(_HOURS).fetchall(), zone, as_of)
        judged = [history for history in read if history.is_enough]
        found = [row for history in judged for row in _rows(history)]
        since = ((history.brand, history.judged_from) for history in judged)
        tables.replace(connection, "crises", found)
        tables.replace(connection, "crisis_histories", since)
    return Report(len(found), len(judged), len(read) - len(judged))


def histories(rows: Iterable[Hour], zone: ZoneInfo, as_of: datetime) -> list[History]:
    """Return each brand's history, of rows by brand and day, as far as it has passed."""
    now = as_of.astimezone(zone)
    each = groupby(rows, key=lambda row: row[0])
    return [_history(brand, list(hours), zone, now) for brand, hours in each]


def _history(brand: str, rows: list[Hour], zone: ZoneInfo, now: datetime) -> History:
    # Of the first day nobody knows whether it was whole.
    first = rows[0][1] + timedelta(days=1)
    days = max((now.date() - first).days, -1) + 1
    counts = np.zeros((days, 24))
    for _, day, hour, count in rows:
        if first <= day <= now.date():
            counts[(day - first).days, hour] = count
    return History(brand, first, zone, counts, (days - 1) * 24 + now.hour)


def _rows(history: History) -> Iterator[tuple[object, ...]]:
    base = baseline(history.counts)
    for crisis in crises(history.counts, base, history.hours):
        yield _row(history, base, crisis)


def _row(history: History, base: Baseline, crisis: Crisis) -> tuple[object, ...]:
    ended = None if crisis.ended is None else history.instant(crisis.ended)
    return (
        history.brand,
        history.instant(crisis.began),
        history.instant(crisis.detected) + timedelta(hours=1),
        history.instant(crisis.peaked),
        ended,
        int(history.counts.flat[crisis.peaked]),
        float(base.expected.flat[crisis.peaked]),
    )

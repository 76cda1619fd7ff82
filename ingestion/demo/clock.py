"""Months, local days and reproducible random streams.

All times of the simulation are UTC seconds since 1970; days and months are those of the
company's time zone. Each domain draws each month from a stream of its own, so a later end
date adds months and changes nothing before them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

DAY = 86_400


def add_months(month: date, count: int) -> date:
    """Return the first day of the month `count` months later."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def stream(seed: int, domain: str, month: int = 0) -> np.random.Generator:
    """Return the random stream of one domain and month."""
    return np.random.default_rng([seed, crc32(domain.encode()), month])


@dataclass(frozen=True)
class Clock:
    """The simulated time: `history` months before `first_month`, whole months up to as_of's."""

    zone: str
    first_month: date
    history: int
    months: int  # with the history, and with the month that as_of lies in
    as_of: int

    @cached_property
    def months_first(self) -> list[date]:
        """First day of each month, and of the one after the last."""
        return [add_months(self.first_month, m - self.history) for m in range(self.months + 1)]

    @cached_property
    def month_day(self) -> np.ndarray:
        """Index of each month's first day, counted from the first simulated day."""
        origin = self.months_first[0]
        return np.array([(first - origin).days for first in self.months_first])

    @cached_property
    def _noon(self) -> tuple[np.ndarray, np.ndarray]:
        zone = ZoneInfo(self.zone)
        origin = self.months_first[0]
        days = [origin + timedelta(days=d) for d in range(int(self.month_day[-1]) + 2)]
        noons = [datetime(d.year, d.month, d.day, 12, tzinfo=zone) for d in days]
        offsets = np.array(
            [int((noon.utcoffset() or timedelta()).total_seconds()) for noon in noons]
        )
        midnights = [datetime(d.year, d.month, d.day, tzinfo=zone) for d in days]
        return offsets, np.array([int(midnight.timestamp()) for midnight in midnights])

    @cached_property
    def month_start(self) -> np.ndarray:
        """UTC second at which each month starts, and the end of the last."""
        return self._noon[1][self.month_day]

    def at(self, day: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the UTC second of a local day and a second after 4 o'clock of that day."""
        offsets, _ = self._noon
        origin = datetime.combine(self.months_first[0], datetime.min.time(), UTC).timestamp()
        day = np.minimum(day, len(offsets) - 1)
        return (int(origin) + day * DAY + second - offsets[day]).astype(np.int64)

    def day_of(self, at: np.ndarray) -> np.ndarray:
        """Return the index of the local day."""
        return np.searchsorted(self._noon[1], at, side="right") - 1

    def month_of(self, at: np.ndarray) -> np.ndarray:
        """Return the index of the local month; `months` for what lies beyond."""
        return np.searchsorted(self.month_start, at, side="right") - 1

    def local(self, at: np.ndarray) -> np.ndarray:
        """Return wall-clock time as datetime64[s], for times after 4 o'clock."""
        return (at + self._noon[0][self.day_of(at)]).astype("datetime64[s]")

    def reported(self, number: int) -> int:
        """Return the month index of the reported month `number`, counted from 1."""
        return self.history + number - 1

    def calendar_month(self, month: int) -> int:
        """Return 0 for January to 11 for December."""
        return self.months_first[month].month - 1

    @property
    def complete_months(self) -> range:
        """Month indexes that are reported and had ended by as_of."""
        ended = int(np.searchsorted(self.month_start, self.as_of, side="right")) - 1
        return range(self.history, ended)


def make_clock(zone: str, history: int, first_month: date, as_of: datetime) -> Clock:
    """Return the clock from the history's first month to the end of as_of's month."""
    local = as_of.astimezone(ZoneInfo(zone))
    span = (local.year - first_month.year) * 12 + local.month - first_month.month + 1
    if span < 1:
        raise ValueError("as_of lies before the first month")
    return Clock(zone, first_month, history, history + span, int(as_of.timestamp()))


def waking_seconds(random: np.random.Generator, size: int) -> np.ndarray:
    """Draw seconds of the day between 6 and 24 o'clock, most in the late afternoon."""
    return (6 * 3600 + random.beta(2.2, 1.7, size) * (18 * 3600 - 1)).astype(np.int64)


def within_month(clock: Clock, month: int, size: int, random: np.random.Generator) -> np.ndarray:
    """Draw times within a month."""
    first, after = clock.month_day[month], clock.month_day[month + 1]
    return clock.at(random.integers(first, after, size), waking_seconds(random, size))


def days_later(
    clock: Clock, at: np.ndarray, days: tuple[int, int], random: np.random.Generator
) -> np.ndarray:
    """Draw times `days` (from, to) local days after `at`, in waking hours."""
    day = clock.day_of(at) + random.integers(days[0], days[1] + 1, len(at))
    return clock.at(day, waking_seconds(random, len(at)))

"""From when until when an endpoint is asked, and up to when it is then read.

A window that ends in the past needs no lag: the next one begins where it ended, and goes back by
the lag only where that reaches the present. What is read belongs to `reading`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ingestion.sources.rest.declarations import Cursor
from ingestion.sources.rest.moments import written

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The time that one reading of an endpoint asks for; `end` is that of a window."""

    cursor: Cursor
    begin: datetime | None
    end: datetime | None
    now: datetime

    @property
    def params(self) -> dict[str, str]:
        """Return the parameters of a request for it."""
        ends = {self.cursor.until: self._written(self.end)}
        asked = {self.cursor.param: self.text, **ends}
        return {name: text for name, text in asked.items() if name and text}

    @property
    def text(self) -> str | None:
        """Return what a request says to get it; of everything, nothing."""
        begin = self._written(self.begin)
        return self.cursor.text.replace("{since}", begin) if begin else None

    def _written(self, at: datetime | None) -> str | None:
        return written(self.cursor, at) if at else None

    @property
    def has_next(self) -> bool:
        """Return whether another window comes after this one."""
        return self.end is not None and self.end < self.now

    def read_until(self, newest: datetime | None, clock: datetime) -> datetime | None:
        """Return the time up to which the endpoint is read; of it, a lag is taken at the next.

        `newest` is the time of the newest record, `clock` the server's.
        """
        if self.end is None or not self.has_next:
            return newest
        return min(self.end + self.cursor.lag, clock)

    def may_break(self, newest: datetime | None) -> bool:
        """Return whether a load in ascending order may end where records have come to.

        Not before it has moved well beyond the lag, which the next one reads once more.
        """
        if not self.cursor.is_ascending or newest is None:
            return False
        return self.begin is None or newest > self.begin + 2 * self.cursor.lag + _A_DAY


def span(cursor: Cursor, known: datetime | None, start: date | None) -> Span:
    """Return what to ask for after a time up to which an endpoint is read, or from its start."""
    now = datetime.now(UTC)
    begin = datetime.combine(start, time(), UTC) if start else None
    if known is not None:
        begin = known - cursor.lag
    end = min(begin + cursor.window, now) if begin and cursor.window else None
    return Span(cursor, begin, end, now)

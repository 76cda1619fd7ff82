"""How far an entity's rows are read, by the column of their changes.

A long history is read in pieces. A piece ends between two values of that column, so that the next
one asks for what comes after the first of them, however many rows share a value. How rows are asked
for belongs to `database`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from ingestion.sources.sql.database import Batch, moment
from ingestion.sources.sql.settings import Changes
from ingestion.sources.watermark import Watermark

# A piece ends after so many rows, where it may.
PIECE_ROWS = 250_000


@dataclass(frozen=True)
class Read:
    """The new ones of so many rows that were received, and whether the piece ends with them."""

    new: list[Any]
    received: int
    is_end: bool = False


@dataclass
class Progress:
    """Where a load, or a piece of one, begins, and how far it has come.

    `after` is the value of the column with which the piece before it ended.
    """

    changes: Changes
    time_zone: str
    watermark: Watermark
    after: Any = None
    _rows: int = field(default=0, init=False)
    _begun_at: datetime = field(default_factory=lambda: datetime.now(UTC), init=False)

    @classmethod
    def of(cls, changes: Changes, time_zone: str, known: Mapping[str, Any]) -> "Progress":
        """Go on where a load, or a piece, has ended."""
        newest = datetime.fromisoformat(known["newest"]) if known else None
        after = _read(known.get("after"))
        # What comes after a value was not read before.
        again = frozenset(known.get("again", ()) if after is None else ())
        return cls(changes, time_zone, Watermark(changes.lag, again, newest), after)

    @property
    def since(self) -> datetime | None:
        """Return the time from which on rows are asked for again."""
        newest = self.watermark.newest
        return newest - self.changes.lag if newest else None

    def read(self, batch: Batch) -> Read:
        """Take a batch, up to the end of the piece if it ends there."""
        end = self._end_in(batch)
        if end is not None:
            self.after = batch.cursors[end - 1]
        moments = (moment(each, self.time_zone) for each in batch.cursors[:end])
        timed = zip(batch.rows[:end], moments, strict=True)
        received = len(batch.rows) if end is None else end
        return Read(self.watermark.news(timed, datetime.now(UTC)), received, end is not None)

    def _end_in(self, batch: Batch) -> int | None:
        """Return after how many rows of a batch the piece ends; None if it goes on.

        It does not end where transactions may still add rows that come before.
        """
        self._rows += len(batch.rows)
        if self._rows < PIECE_ROWS:
            return None
        count = batch.cursors.index(batch.cursors[-1])
        border = moment(batch.cursors[count - 1], self.time_zone) if count else None
        may_end = border is not None and border <= self._begun_at - self.changes.lag
        return count if may_end else None

    def written(self, *, is_cut: bool) -> dict[str, Any]:
        """Return it as JSON, for the next load or piece; nothing if no row had a time."""
        if self.watermark.newest is None:
            return {}
        state = {"newest": self.watermark.newest.isoformat(), "again": self.watermark.digests()}
        return {**state, "after": _written(self.after)} if is_cut else state


def _written(cursor: Any) -> Any:
    """Return a value as JSON, of which a time is told from a text."""
    if isinstance(cursor, date):
        at = cursor if isinstance(cursor, datetime) else datetime.combine(cursor, time())
        return {"time": at.isoformat()}
    return cursor


def _read(written: Any) -> Any:
    return datetime.fromisoformat(written["time"]) if isinstance(written, Mapping) else written

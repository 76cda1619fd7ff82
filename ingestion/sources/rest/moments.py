"""The time up to which an endpoint was read, and what a load asks for once more because of the lag.

Servers show some records late, so each load goes back a little: what it saw already is no news.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from ingestion.sources.rest.declarations import Cursor

# So many records are kept in mind before those that lie too far back are dropped.
_MOST_KEPT = 100_000


@dataclass
class Watermark:
    """The latest time that an endpoint's records have, and the records that a lag reads again.

    `known` are digests of the records of the load before. A time ahead of the server's clock counts
    as that clock's: else later loads would miss what lies before it.
    """

    cursor: Cursor
    known: frozenset[str] = frozenset()
    newest: datetime | None = None
    _late: list[tuple[datetime, str]] = field(default_factory=list)

    def news(self, records: Iterable[Any], clock: datetime) -> list[Any]:
        """Return the records that were not read before, and note their times."""
        new = []
        for record in records:
            digest = _digest(record)
            moment = _moment(self.cursor, _at(record, self.cursor.field))
            if moment is not None:
                moment = min(moment, clock)
                self.newest = max(moment, self.newest or moment)
                self._late.append((moment, digest))
            if digest not in self.known:
                new.append(record)
        if len(self._late) > _MOST_KEPT:
            self._late = self._kept()
        return new

    def digests(self) -> list[str]:
        """Return the digests of what the next load reads again."""
        return sorted({digest for _, digest in self._kept()})

    def _kept(self) -> list[tuple[datetime, str]]:
        if self.newest is None:
            return []
        bound = self.newest - timedelta(minutes=self.cursor.lag_minutes, days=1)
        return [each for each in self._late if each[0] >= bound]


def wanted(cursor: Cursor, since: datetime | None, start: date | None) -> dict[str, str]:
    """Return the parameter of a request for what changed since a time, or since the start."""
    if since is not None:
        since -= timedelta(minutes=cursor.lag_minutes)
    elif start is not None:
        since = datetime.combine(start, time(), UTC)
    return {} if since is None else {cursor.param: _written(cursor, since)}


def _at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _moment(cursor: Cursor, given: Any) -> datetime | None:
    try:
        if cursor.format in ("unix", "unix_ms"):
            seconds = float(Decimal(str(given)))
            return datetime.fromtimestamp(seconds / _divisor(cursor), UTC)
        moment = datetime.fromisoformat(str(given))
    except (ValueError, ArithmeticError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(cursor: Cursor, moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    if cursor.format == "date":
        return moment.date().isoformat()
    if cursor.format == "iso":
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(int(moment.timestamp() * _divisor(cursor)))


def _divisor(cursor: Cursor) -> int:
    return 1000 if cursor.format == "unix_ms" else 1


def _digest(record: Any) -> str:
    text = json.dumps(record, sort_keys=True, default=str)
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()

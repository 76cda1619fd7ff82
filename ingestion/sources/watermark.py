"""The time up to which something was read, and what the next load reads once more because of a lag.

Systems show some records late, so each load goes back a little: what it saw already is no news.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from ingestion.rows import EARLIEST_MOMENT

# So many records are kept in mind, the newest ones; others that are read again are unchanged rows.
_MOST_KEPT = 100_000
# A time may be asked for as a day.
_A_DAY = timedelta(days=1)
# So many records wait for their digest: it costs more than to parse them, and a long history has
# few that are read again.
_MOST_WAITING = 5_000
_ENCODER = json.JSONEncoder(sort_keys=True, default=str)


@dataclass
class Watermark:
    """The latest time that records have, and digests of those that a lag reads again.

    `known` are the digests of the load before. A time ahead of the clock counts as the clock's:
    else later loads would miss what lies before it. One before `EARLIEST_MOMENT` is none. Records
    are in `is_ascending` order as long as none lies further back than the lag.
    """

    lag: timedelta
    known: frozenset[str] = frozenset()
    newest: datetime | None = None
    is_ascending: bool = True
    _waiting: list[tuple[datetime, Any]] = field(default_factory=list)
    _late: list[tuple[datetime, str]] = field(default_factory=list)

    def news(self, records: Iterable[tuple[Any, datetime | None]], clock: datetime) -> list[Any]:
        """Return the records, each with its time, that were not read before."""
        new = []
        for record, moment in records:
            digest = _digest(record) if self.known else None
            if moment is not None and moment >= EARLIEST_MOMENT:
                at = min(moment, clock)
                self.newest = max(at, self.newest or at)
                self.is_ascending &= at >= self.newest - self.lag
                if digest is None:
                    self._waiting.append((at, record))
                else:
                    self._late.append((at, digest))
            if digest not in self.known:
                new.append(record)
        if len(self._waiting) > _MOST_WAITING or len(self._late) > 2 * _MOST_KEPT:
            self._digest_waiting()
            self._late = self._kept()
        return new

    def digests(self) -> list[str]:
        """Return the digests of what the next load reads again."""
        self._digest_waiting()
        return sorted({digest for _, digest in self._kept()})

    def _digest_waiting(self) -> None:
        """Digest those that wait, if the next load may read them again."""
        late = ((at, record) for at, record in self._waiting if self._is_late(at))
        self._late += [(at, _digest(record)) for at, record in late]
        self._waiting.clear()

    def _kept(self) -> list[tuple[datetime, str]]:
        kept = [each for each in self._late if self._is_late(each[0])]
        return kept if len(kept) <= _MOST_KEPT else sorted(kept)[-_MOST_KEPT:]

    def _is_late(self, at: datetime) -> bool:
        return self.newest is not None and at >= self.newest - self.lag - _A_DAY


def _digest(record: Any) -> str:
    text = _ENCODER.encode(record)
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()

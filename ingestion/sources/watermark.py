"""The time up to which something was read, and what the next load reads once more because of a lag.

Systems show some records late, so each load goes back a little: what it saw already is no news.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

# So many records are kept in mind, the newest ones; others that are read again are unchanged rows.
_MOST_KEPT = 100_000
# A time may be asked for as a day.
_A_DAY = timedelta(days=1)


@dataclass
class Watermark:
    """The latest time that records have, and digests of those that a lag reads again.

    `known` are the digests of the load before. A time ahead of the clock counts as the clock's:
    else later loads would miss what lies before it. Records are in `is_ascending` order as long as
    none lies further back than the lag.
    """

    lag: timedelta
    known: frozenset[str] = frozenset()
    newest: datetime | None = None
    is_ascending: bool = True
    _late: list[tuple[datetime, str]] = field(default_factory=list)

    def news(self, records: Iterable[tuple[Any, datetime | None]], clock: datetime) -> list[Any]:
        """Return the records, each with its time, that were not read before."""
        new = []
        for record, moment in records:
            digest = _digest(record)
            if moment is not None:
                at = min(moment, clock)
                self.newest = max(at, self.newest or at)
                self.is_ascending &= at >= self.newest - self.lag
                self._late.append((at, digest))
            if digest not in self.known:
                new.append(record)
        if len(self._late) > 2 * _MOST_KEPT:
            self._late = self._kept()
        return new

    def digests(self) -> list[str]:
        """Return the digests of what the next load reads again."""
        return sorted({digest for _, digest in self._kept()})

    def _kept(self) -> list[tuple[datetime, str]]:
        if self.newest is None:
            return []
        bound = self.newest - self.lag - _A_DAY
        kept = [each for each in self._late if each[0] >= bound]
        return kept if len(kept) <= _MOST_KEPT else sorted(kept)[-_MOST_KEPT:]


def _digest(record: Any) -> str:
    text = json.dumps(record, sort_keys=True, default=str)
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()

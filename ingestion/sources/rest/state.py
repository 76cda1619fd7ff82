"""How far an API is read: what a load, or a piece of one, leaves to the next.

It is JSON in the warehouse. A changed declaration begins anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingestion.sources.rest.declarations import RestMapping


@dataclass
class State:
    """By endpoint: up to when it is read, and digests of the records that a lag reads again.

    `met` are the endpoints of which records have come since it began, so that their fields are
    known; `ended` are those that earlier pieces of this load have read to their end.
    """

    since: dict[str, datetime] = field(default_factory=dict)
    again: dict[str, list[str]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, known: Mapping[str, Any], mapping: RestMapping) -> "State":
        """Read what a load has left, if it was one of the same declaration."""
        if known.get("mapping") != mapping.fingerprint:
            return cls()
        since = {name: datetime.fromisoformat(at) for name, at in known["since"].items()}
        # States of earlier versions don't name them.
        met = [each.name for each in mapping.endpoints if mapping.root(each).name in since]
        return cls(
            since, dict(known["again"]), set(known.get("met", met)), set(known.get("ended", ()))
        )

    def written(self, mapping: RestMapping) -> dict[str, Any]:
        """Return it as JSON, for the next load or piece."""
        return {
            "mapping": mapping.fingerprint,
            "since": {name: at.isoformat() for name, at in self.since.items()},
            "again": self.again,
            "met": sorted(self.met),
            "ended": sorted(self.ended),
        }

    def move(self, endpoint: str, until: datetime | None) -> bool:
        """Note up to when an endpoint is read; return whether that is further than before."""
        known = self.since.get(endpoint)
        if until is None or (known is not None and until <= known):
            return False
        self.since[endpoint] = until
        return True

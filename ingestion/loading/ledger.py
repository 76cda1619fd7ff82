"""The ledger of loads, and the state up to which each source was read.

Reads and writes concord.loads and concord.source_state; the rows themselves are merged elsewhere.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class PartReport:
    """What became of the rows of one file (or endpoint) for one entity.

    `loaded` rows are inserted, updated or unchanged; `folded` ones are those that a later row with
    the same key replaced, and lines that became part of a group; `filtered` ones are not the
    entity's. `removed` rows left the warehouse. `is_append` says that only what had been appended
    to the file was read.
    """

    entity: str
    file: str
    received: int
    loaded: int
    quarantined: int
    inserted: int
    updated: int
    unchanged: int
    is_append: bool = False
    folded: int = 0
    filtered: int = 0
    removed: int = 0

    @property
    def is_balanced(self) -> bool:
        became = self.loaded + self.folded + self.quarantined + self.filtered
        return self.received == became and self.folded >= 0


@dataclass(frozen=True)
class LoadReport:
    """One load of one source, part by part; no parts when there was nothing new."""

    load_id: str
    source_name: str
    kind: str
    started_at: datetime
    finished_at: datetime
    parts: tuple[PartReport, ...]

    @property
    def is_balanced(self) -> bool:
        return all(part.is_balanced for part in self.parts)

    def total(self, measure: str) -> int:
        """Sum a measure, such as `received`, over the parts."""
        return sum(getattr(part, measure) for part in self.parts)


def read_state(connection: psycopg.Connection, source_name: str) -> dict[str, Any]:
    """Return the state that the source's last load left; empty before its first."""
    row = connection.execute(
        "select state from concord.source_state where source_name = %s", (source_name,)
    ).fetchone()
    return row[0] if row else {}


def write_state(connection: psycopg.Connection, source_name: str, state: Mapping[str, Any]) -> None:
    """Keep the state for the source's next load."""
    connection.execute(
        "insert into concord.source_state values (%s, %s, now()) on conflict (source_name)"
        " do update set state = excluded.state, updated_at = excluded.updated_at",
        (source_name, Jsonb(dict(state))),
    )


def write_load(connection: psycopg.Connection, report: LoadReport) -> None:
    """Write one ledger row a part."""
    head = (report.load_id, report.source_name, report.kind)
    times = (report.started_at, report.finished_at)
    connection.cursor().executemany(
        """
        insert into concord.loads (
            load_id, source_name, kind, entity, file, received, loaded, quarantined,
            inserted, updated, unchanged, is_append, folded, filtered, removed,
            started_at, finished_at
        ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [(*head, *astuple(part), *times) for part in report.parts],
    )

"""What was loaded, what was refused, and where each source stands.

Reads and writes concord.loads, concord.source_state and quarantine.rejected_rows; the rows
themselves are merged elsewhere.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class PartReport:
    """What became of the rows of one file (or endpoint) for one entity.

    `loaded` rows are inserted, updated, unchanged, or `duplicates`: rows that a later row
    with the same key replaced, and lines that were folded into a group. `is_append` says that
    only what had been appended to the file was read.
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

    @property
    def duplicates(self) -> int:
        return self.loaded - self.inserted - self.updated - self.unchanged

    @property
    def is_balanced(self) -> bool:
        return self.received == self.loaded + self.quarantined and self.duplicates >= 0


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


@dataclass(frozen=True)
class LatestLoad:
    """The last load that brought anything for one entity of one source."""

    source_name: str
    kind: str
    entity: str
    load_id: str
    files: int
    received: int
    loaded: int
    quarantined: int
    inserted: int
    updated: int
    unchanged: int
    finished_at: datetime


@dataclass(frozen=True)
class QuarantineCount:
    """How many rows stand in quarantine for one reason."""

    source_name: str
    entity: str
    field: str
    reason: str
    rows: int


LATEST = """
select
    source_name, kind, entity, load_id, count(*) as files,
    sum(received)::bigint as received, sum(loaded)::bigint as loaded,
    sum(quarantined)::bigint as quarantined, sum(inserted)::bigint as inserted,
    sum(updated)::bigint as updated, sum(unchanged)::bigint as unchanged,
    max(finished_at) as finished_at
from concord.loads as each
where load_id = (
    select load_id from concord.loads as newest
    where newest.source_name = each.source_name and newest.entity = each.entity
    order by finished_at desc limit 1
)
group by source_name, kind, entity, load_id
order by source_name, entity
"""

QUARANTINED = """
select source_name, entity, field, reason, count(*) as rows
from quarantine.rejected_rows
group by source_name, entity, field, reason
order by rows desc, source_name, entity, field, reason
"""


def latest_loads(connection: psycopg.Connection) -> list[LatestLoad]:
    """Return the latest load of each source and entity."""
    return connection.cursor(row_factory=class_row(LatestLoad)).execute(LATEST).fetchall()


def quarantine_counts(connection: psycopg.Connection) -> list[QuarantineCount]:
    """Count the rows in quarantine by source, entity, field and reason."""
    cursor = connection.cursor(row_factory=class_row(QuarantineCount))
    return cursor.execute(QUARANTINED).fetchall()


def read_state(connection: psycopg.Connection, source_name: str) -> dict[str, Any]:
    """Return where the source stands; empty before its first load."""
    row = connection.execute(
        "select state from concord.source_state where source_name = %s", (source_name,)
    ).fetchone()
    return row[0] if row else {}


def write_state(connection: psycopg.Connection, source_name: str, state: Mapping[str, Any]) -> None:
    """Remember where the source stands."""
    connection.execute(
        "insert into concord.source_state values (%s, %s, now()) on conflict (source_name)"
        " do update set state = excluded.state, updated_at = excluded.updated_at",
        (source_name, Jsonb(dict(state))),
    )


def write_loads(connection: psycopg.Connection, report: LoadReport) -> None:
    """Write one ledger row a part."""
    head = (report.load_id, report.source_name, report.kind)
    times = (report.started_at, report.finished_at)
    connection.cursor().executemany(
        """
        insert into concord.loads (
            load_id, source_name, kind, entity, file, received, loaded, quarantined,
            inserted, updated, unchanged, is_append, started_at, finished_at
        ) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [(*head, *astuple(part), *times) for part in report.parts],
    )

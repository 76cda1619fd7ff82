"""What is asked of past loads: the latest ones, what arrived since then, what couldn't be read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row


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
    folded: int
    filtered: int
    quarantined: int
    inserted: int
    updated: int
    unchanged: int
    removed: int
    finished_at: datetime


@dataclass(frozen=True)
class Arrival:
    """How many rows of an entity were new, changed or left, in all loads since a moment."""

    entity: str
    inserted: int
    updated: int
    removed: int


@dataclass(frozen=True)
class QuarantineCount:
    """How many rows are in quarantine for one reason, and where the first of them is.

    `column` is what the source calls the field, where it comes from one column of it.
    """

    source_name: str
    entity: str
    field: str
    column: str
    reason: str
    rows: int
    file: str
    line: int | None
    value: str | None

    @property
    def place(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        shown = None if self.value is None else repr(self.value)
        return " ".join(filter(None, (self.place, self.column or self.field, shown, self.reason)))


@dataclass(frozen=True)
class EmptiedCount:
    """How many rows are loaded without a value that can't be read, for one reason.

    The first of them is at `line` of `file`.
    """

    source_name: str
    entity: str
    field: str
    reason: str
    rows: int
    file: str
    line: int | None


@dataclass(frozen=True)
class RefusedFile:
    """A file that can't be read, and why; what was loaded of it before stays."""

    source_name: str
    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source_name}: {self.reason}"


@dataclass(frozen=True)
class Status:
    """The latest load of each source and entity, and what could not be read."""

    loads: tuple[LatestLoad, ...]
    quarantine: tuple[QuarantineCount, ...]
    emptied: tuple[EmptiedCount, ...]
    refused: tuple[RefusedFile, ...]

    def refused_of(self, sources: Collection[str]) -> tuple[RefusedFile, ...]:
        """Return the refused files of some sources."""
        return tuple(file for file in self.refused if file.source_name in sources)

    def words(self) -> str | None:
        """Say what was loaded, what is in quarantine, and an example; None if nothing is there."""
        if not self.quarantine:
            return None
        loaded = sum(load.loaded for load in self.loads)
        rows = sum(count.rows for count in self.quarantine)
        return f"{loaded:,} loaded, {rows:,} quarantined: {self.quarantine[0]}"


LATEST = """
select
    source_name, kind, entity, load_id, count(distinct file) as files,
    sum(received)::bigint as received, sum(loaded)::bigint as loaded,
    sum(folded)::bigint as folded, sum(filtered)::bigint as filtered,
    sum(quarantined)::bigint as quarantined, sum(inserted)::bigint as inserted,
    sum(updated)::bigint as updated, sum(unchanged)::bigint as unchanged,
    sum(removed)::bigint as removed,
    max(finished_at) as finished_at
from concord.loads as loads
where load_id = (
    select load_id from concord.loads as newest
    where newest.source_name = loads.source_name and newest.entity = loads.entity
    order by finished_at desc limit 1
)
group by source_name, kind, entity, load_id
order by source_name, entity
"""

# Without a moment, nothing has arrived since: there is nothing to compare with.
ARRIVED = """
select
    entity, sum(inserted)::bigint as inserted, sum(updated)::bigint as updated,
    sum(removed)::bigint as removed
from concord.loads
where finished_at > %(moment)s
group by entity
having sum(inserted) + sum(updated) + sum(removed) > 0
order by entity
"""

QUARANTINED = """
select distinct on (rows, source_name, entity, field, column_name, reason)
    source_name, entity, field, column_name as column, reason, rows, file, line, value
from (
    select
        source_name, entity, field, column_name, reason, file, line, value, rejected_at,
        count(*) over (partition by source_name, entity, field, column_name, reason) as rows
    from quarantine.rejected_rows
    where not is_file
) as rejected
order by rows desc, source_name, entity, field, column_name, reason, rejected_at, file, line
"""

EMPTIED = """
select
    source_name, entity, field, reason, sum(emptied)::bigint as rows,
    (array_agg(file order by emptied_at, file, line))[1] as file,
    (array_agg(line order by emptied_at, file, line))[1] as line
from quarantine.emptied_values
group by source_name, entity, field, reason
order by rows desc, source_name, entity, field, reason
"""

REFUSED = """
select source_name, file, reason
from quarantine.rejected_rows
where is_file
group by source_name, file, reason
order by source_name, file, reason
"""


def status(url: str) -> Status:
    """Read the status of ingestion from the warehouse."""
    with psycopg.connect(url) as connection:
        loads = connection.cursor(row_factory=class_row(LatestLoad)).execute(LATEST).fetchall()
        counts = connection.cursor(row_factory=class_row(QuarantineCount)).execute(QUARANTINED)
        emptied = connection.cursor(row_factory=class_row(EmptiedCount)).execute(EMPTIED)
        refused = connection.cursor(row_factory=class_row(RefusedFile)).execute(REFUSED)
        return Status(tuple(loads), tuple(counts), tuple(emptied), tuple(refused))


def arrivals(url: str, moment: datetime | None) -> list[Arrival]:
    """Return what loads have brought and taken since a moment."""
    with psycopg.connect(url) as connection:
        cursor = connection.cursor(row_factory=class_row(Arrival))
        return cursor.execute(ARRIVED, {"moment": moment}).fetchall()

"""The tally of a load while it runs: which rows came from where, and what became of them.

It turns extracts into the landing's batches and counts on the way. It knows no database.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Entity
from ingestion.loading.landing import EVERYWHERE, FILE, ROW, SECTION
from ingestion.loading.ledger import PartReport
from ingestion.loading.merge import MergeCounts
from ingestion.loading.removal import leaving_table
from ingestion.sources.base import Emptied, Extract, Leaving, Reject, arrow_schema

REJECTS = "rejected_rows"
REJECT_SCHEMA = pa.schema(
    [
        (FILE, pa.int32()),
        ("line", pa.int64()),
        ("field", pa.string()),
        ("reason", pa.string()),
        ("original", pa.string()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("is_file", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Progress:
    """How far a load is: `step` is reading, merging or done; `rows` were received."""

    source_name: str
    step: str
    entity: str
    file: str
    rows: int


@dataclass
class PartTally:
    """The running tally of one entity's rows from one file; a refused file counts as one row.

    `emptied` is by column and reason: the first row of each stays the example.
    """

    entity: Entity
    file: str
    number: int
    is_append: bool
    received: int = 0
    rows: int = 0
    rejected: int = 0
    folded: int = 0
    filtered: int = 0
    emptied: dict[tuple[str, str], Emptied] = field(default_factory=dict)

    def empty(self, emptied: Emptied) -> None:
        """Count values that can't be read, as one with those before for the same reason."""
        key = (emptied.field, emptied.reason)
        known = self.emptied.get(key)
        first = known or replace(emptied, original=_without_nul(emptied.original), count=0)
        self.emptied[key] = replace(first, count=first.count + emptied.count)

    def report(self, merged: MergeCounts, removed: int) -> PartReport:
        """Close the tally with what the merge changed: rows that it left out were folded."""
        loaded = merged.inserted + merged.updated + merged.unchanged
        return PartReport(
            entity=self.entity.name,
            file=self.file,
            received=self.received,
            loaded=loaded,
            quarantined=self.rejected,
            inserted=merged.inserted,
            updated=merged.updated,
            unchanged=merged.unchanged,
            is_append=self.is_append,
            folded=self.rows + self.folded - loaded,
            filtered=self.filtered,
            overwritten=merged.overwritten,
            removed=removed,
        )


@dataclass
class Tally:
    """Counts extracts on their way into the landing.

    `sections` are numbered as they come. `landed` and `leaving` name the entities of which there
    are rows, and keys of rows that leave; `whole` those that lose what hasn't landed, by section.
    `overriding` are the sections that may replace rows of others. `withdrawn` are the parts of
    files that turned out to be unreadable, `refused` the entities that such files are for.
    `received` counts on from the pieces of the load before this one.
    """

    source_name: str
    on_progress: Callable[[Progress], None]
    parts: dict[tuple[str, str], PartTally] = field(default_factory=dict)
    sections: dict[str | None, int] = field(default_factory=dict)
    landed: set[str] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    whole: dict[str, set[str | None]] = field(default_factory=dict)
    overriding: set[str] = field(default_factory=set)
    withdrawn: list[PartTally] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    state: Mapping[str, Any] | None = None
    has_more: bool = False
    received: int = 0
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def batches(self, extracts: Iterator[Extract]) -> Iterator[tuple[str, pa.Table]]:
        """Yield the landing's batches of each extract, and count them."""
        landed = 0
        for extract in extracts:
            part, entity = self._count(extract), extract.table
            section = self.sections.setdefault(extract.section, len(self.sections))
            if extract.leaving is not None and extract.leaving.keys.num_rows:
                self.leaving.add(entity.name)
                yield leaving_table(entity), _leaving(extract.leaving, landed, part.number, section)
            if extract.batch.num_rows:
                self.landed.add(entity.name)
                batch = _storable(extract.batch.select(entity.column_names))
                batch = batch.cast(arrow_schema(entity))
                yield entity.name, _numbered(batch, landed, part.number, section)
                landed += batch.num_rows
            if extract.section is not None and extract.overrides:
                self.overriding.add(extract.section)
            if extract.is_whole:
                self.whole.setdefault(entity.name, set()).add(extract.section)
            if extract.is_refused:
                self.refused.add(entity.name)
            if extract.rejects:
                yield REJECTS, _rejected(extract.rejects, part.number, extract.is_refused)

    def _count(self, extract: Extract) -> PartTally:
        key = (extract.table.name, extract.file)
        if extract.is_refused and key in self.parts:
            self.withdrawn.append(self.parts.pop(key))
        number = len(self.parts) + len(self.withdrawn)
        part = self.parts.setdefault(
            key, PartTally(extract.table, extract.file, number, extract.is_append)
        )
        part.received += extract.received
        part.rows += extract.batch.num_rows
        part.rejected += len(extract.rejects)
        part.folded += extract.folded
        for emptied in extract.emptied:
            part.empty(emptied)
        part.filtered += extract.filtered
        self.received += extract.received
        if extract.state is not None:
            self.state, self.has_more = extract.state, extract.has_more
        self.progress("reading", *key)
        return part

    def progress(self, step: str, entity: str = "", file: str = "") -> None:
        self.on_progress(Progress(self.source_name, step, entity, file, self.received))


def _storable(batch: pa.Table) -> pa.Table:
    """Replace NUL, which PostgreSQL's text can't hold."""
    for position, column in enumerate(batch.itercolumns()):
        is_text = pa.types.is_string(column.type)
        if is_text and pc.any(pc.match_substring(column, "\0")).as_py():
            texts = pc.replace_substring(column, "\0", "\ufffd")
            batch = batch.set_column(position, batch.field(position), texts)
    return batch


def _numbered(batch: pa.Table, landed: int, file_number: int, section: int) -> pa.Table:
    """Add the order of arrival, which decides between rows of one key, file and section."""
    rows = pa.array(np.arange(landed, landed + batch.num_rows))
    return _placed(batch.append_column(ROW, rows), file_number, section)


def _leaving(leaving: Leaving, landed: int, file_number: int, section: int) -> pa.Table:
    """Add to keys that leave the number of the row after each, and whether they do everywhere."""
    rows = pc.add(pc.cast(leaving.before, pa.int64()), landed)
    everywhere = pa.repeat(leaving.everywhere, leaving.keys.num_rows)
    keys = _storable(leaving.keys).append_column(ROW, rows).append_column(EVERYWHERE, everywhere)
    return _placed(keys, file_number, section)


def _placed(table: pa.Table, file_number: int, section: int) -> pa.Table:
    for name, number in ((FILE, file_number), (SECTION, section)):
        numbers = pa.repeat(pa.scalar(number, pa.int32()), table.num_rows)
        table = table.append_column(name, numbers)
    return table


def _rejected(rejects: Sequence[Reject], file_number: int, is_file: bool) -> pa.Table:
    rows = [
        {
            FILE: file_number,
            "line": reject.line,
            "field": reject.field,
            "reason": reject.reason,
            "original": _without_nul(reject.original),
            "column_name": _without_nul(reject.column),
            "value": reject.value and _without_nul(reject.value),
            "is_file": is_file,
        }
        for reject in rejects
    ]
    return pa.Table.from_pylist(rows, schema=REJECT_SCHEMA)


def _without_nul(text: str) -> str:
    """Write NUL as it is escaped: PostgreSQL's text can't hold it."""
    return text.replace("\0", "\\0")

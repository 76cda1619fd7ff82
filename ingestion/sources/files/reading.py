"""The rows of one file after the other, for one section of a source."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.errors import SourceError
from ingestion.mapping.apply import map_records
from ingestion.mapping.declarations import Lookup
from ingestion.mapping.groups import Groups
from ingestion.mapping.records import Records
from ingestion.sources.base import Extract, Reject, arrow_schema
from ingestion.sources.files.exports import Exports
from ingestion.sources.files.lookups import read_lookups
from ingestion.sources.files.plan import PlannedFile
from ingestion.sources.files.prefetch import prefetched
from ingestion.sources.files.settings import FilesEntity, FilesMapping
from ingestion.sources.files.state import LoadedFile, OpenedFile

TORN = "has a line that can't be read, and the sum of its other lines would be a wrong one"


@dataclass
class EntityReading:
    """Reads files for one entity."""

    mapping: FilesMapping
    entity: FilesEntity
    exports: Exports = field(init=False)
    lookups: dict[Lookup, pa.Table] = field(init=False)
    groups: Groups | None = field(init=False)

    def __post_init__(self) -> None:
        mapping = self.entity.mapping
        self.exports = self.mapping.exports(self.entity)
        self.lookups = read_lookups(self.mapping.name, mapping, self.entity.file_format.limits)
        self.groups = Groups(mapping) if mapping.folds else None

    def read(
        self, planned: PlannedFile, path: Path, opened: OpenedFile
    ) -> Generator[Extract, None, LoadedFile]:
        """Yield a file's extracts and return how far it was loaded; `path` is where it can be read.

        SourceError if it can't; what was yielded of it then has to be withdrawn.
        """
        reader = self.mapping.reader(self.entity, path)
        is_append = planned.resume is not None
        end = opened.readable_end if planned.file.member is None else None
        yield nothing_of(self.entity.table, planned.name, is_append)
        yield from prefetched(
            lambda records: self._extract(planned.name, records, is_append),
            reader.records(planned.resume, end),
        )
        can_resume = reader.can_resume and planned.file.member is None
        return opened.loaded(reader.next_line, reader.columns, can_resume)

    def finish(self) -> Iterator[Extract]:
        """Yield the groups, each under the file in which its first line was.

        One that lacks a line is a reject, as that line is.
        """
        if self.groups is None:
            return
        for file, batch, torn in self.groups.rows():
            yield Extract(
                self.entity.table,
                file,
                batch,
                tuple(map(_torn, torn.to_pylist())),
                0,
                folded=-batch.num_rows - torn.num_rows,
                section=self.entity.section,
                overrides=self.entity.overrides,
            )

    def _extract(self, file: str, records: Records, is_append: bool) -> Extract:
        rows = map_records(self.entity.mapping, records, self.lookups)
        batch, folded, leaving = rows.batch, 0, rows.leaving
        if self.groups is not None:
            self.groups.add(file, batch, rows.torn)
            batch = arrow_schema(self.entity.table).empty_table()
            folded = rows.received - len(rows.rejects) - rows.filtered
            leaving = leaving and leaving.before_all_rows()
        return Extract(
            self.entity.table,
            file,
            batch,
            rows.rejects,
            rows.received,
            folded=folded,
            is_append=is_append,
            emptied=rows.emptied,
            filtered=rows.filtered,
            leaving=leaving,
            section=self.entity.section,
            overrides=self.entity.overrides,
        )


def _torn(key: Mapping[str, Any]) -> Reject:
    """Return the reject of a group that lacks a line."""
    names, value = ", ".join(key), ", ".join(map(str, key.values()))
    return Reject(None, names, TORN, value, value=value)


def nothing_of(
    table: Entity, file: str, is_append: bool, state: Mapping[str, Any] | None = None
) -> Extract:
    """Return an extract without rows: a file is being read, or the source's new state."""
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (), 0, state, is_append=is_append)


def refusal(table: Entity, file: str, error: SourceError) -> Extract:
    """Return the extract of a file that can't be read: one reject, which says why."""
    reject = Reject(None, "", f"{error.problem}. {error.remedy}", "")
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (reject,), 1, is_refused=True)

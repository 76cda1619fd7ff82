"""The rows of one file after the other, for one section of a source."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.contract import Entity
from ingestion.errors import SourceError
from ingestion.sources.base import Extract, Reject, arrow_schema
from ingestion.sources.files.exports import Exports
from ingestion.sources.files.lookups import read_lookups
from ingestion.sources.files.plan import PlannedFile
from ingestion.sources.files.prefetch import prefetched
from ingestion.sources.files.settings import FilesEntity, FilesMapping
from ingestion.sources.files.state import LoadedFile, OpenedFile
from ingestion.sources.mapped import MappedSection, nothing_of


@dataclass
class EntityReading:
    """Reads files for one entity."""

    mapping: FilesMapping
    entity: FilesEntity
    exports: Exports = field(init=False)
    section: MappedSection = field(init=False)

    def __post_init__(self) -> None:
        entity = self.entity
        lookups = read_lookups(self.mapping.name, entity.mapping, entity.file_format.limits)
        self.exports = self.mapping.exports(entity)
        self.section = MappedSection(entity.section, entity.mapping, lookups, entity.overrides)

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
            lambda records: self.section.extract(planned.name, records, is_append),
            reader.records(planned.resume, end),
        )
        can_resume = reader.can_resume and planned.file.member is None
        return opened.loaded(reader.next_line, reader.columns, can_resume)

    def finish(self) -> Iterator[Extract]:
        """Yield the rows that are known only when all files were read."""
        yield from self.section.finish()


def refusal(table: Entity, file: str, error: SourceError) -> Extract:
    """Return the extract of a file that can't be read: one reject, which says why."""
    reject = Reject(None, "", f"{error.problem}. {error.remedy}", "")
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (reject,), 1, is_refused=True)

"""The files source: what is new in the configured files, as extracts for the pipeline."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.errors import SourceUnreachable
from ingestion.mapping.apply import map_records
from ingestion.mapping.declarations import Lookup
from ingestion.mapping.groups import Groups
from ingestion.mapping.records import Records
from ingestion.sources.base import Extract, arrow_schema
from ingestion.sources.files.lookups import fingerprint, read_lookups
from ingestion.sources.files.paths import display_name, matching
from ingestion.sources.files.prefetch import prefetched
from ingestion.sources.files.readers import READERS, format_of
from ingestion.sources.files.readers.base import Reader, Resume
from ingestion.sources.files.settings import FilesEntity, FilesMapping
from ingestion.sources.files.state import LoadedFile, OpenedFile


class FilesSource:
    """Files of a company's systems, mapped to the contract's entities."""

    kind = "files"

    def __init__(self, mapping: FilesMapping) -> None:
        self.mapping = mapping
        self.name = mapping.name

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the files fill."""
        entities = [each.mapping.entity for each in self.mapping.entities]
        return tuple({entity.name: entity for entity in entities}.values())

    def files(self) -> dict[str, set[str]]:
        """Return the names of the files that there are for each entity."""
        found: dict[str, set[str]] = {}
        for entity in self.mapping.entities:
            found.setdefault(entity.mapping.entity.name, set()).update(self._named_paths(entity))
        return found

    def check(self) -> str:
        """Look at the beginning of every file; SourceError if one can't be read."""
        files = 0
        for entity in self.mapping.entities:
            for path in self._paths(entity):
                self.reader(entity, path).check()
                files += 1
        return f"{files} files can be read for {', '.join(each.name for each in self.tables())}"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield the rows of files that are new, changed or appended to since `state`."""
        mappings = [entity.mapping for entity in self.mapping.entities]
        current = fingerprint(self.mapping.fingerprint, mappings)
        known = state.get("files", {}) if state.get("mapping") == current else {}
        seen: dict[str, dict[str, Any]] = {}
        changed: set[str] = set()
        last: Extract | None = None
        for number, entity in enumerate(self.mapping.entities):
            plan = self._plan(entity, known.get(str(number), {}), changed)
            seen[str(number)] = {each.name: each.known.to_state() for each in plan if each.known}
            for last in self._read(entity, plan, seen[str(number)]):
                yield last
        if last is not None:
            yield _empty(last.table, last.file, last.is_append, {"mapping": current, "files": seen})

    def reader(self, entity: FilesEntity, path: Path) -> Reader:
        """Return the reader of one of an entity's files."""
        mapping, form = entity.mapping, entity.file_format
        reader = READERS[format_of(path, form.format)]
        return reader(self.name, path, form, mapping.needed, mapping.moments)

    def _plan(
        self, entity: FilesEntity, known: Mapping[str, Any], changed: set[str]
    ) -> list["_PlannedFile"]:
        """Plan a section's files; `changed` collects the entities of which a file is read."""
        loaded = {path: LoadedFile.from_state(state) for path, state in known.items()}
        name = entity.mapping.entity.name
        plan = _plan(self._named_paths(entity), loaded, entity.mapping.folds, name in changed)
        if any(each.known is None for each in plan):
            changed.add(name)
        return plan

    def _read(
        self, entity: FilesEntity, plan: list["_PlannedFile"], seen: dict[str, Any]
    ) -> Iterator[Extract]:
        reading = _EntityReading(self, entity)
        for each in plan:
            if each.known is None:
                loaded = yield from reading.read(each)
                seen[each.name] = loaded.to_state()
        yield from reading.finish()

    def _named_paths(self, entity: FilesEntity) -> dict[str, Path]:
        return {display_name(self.mapping.base_dir, path): path for path in self._paths(entity)}

    def _paths(self, entity: FilesEntity) -> list[Path]:
        found: dict[Path, None] = {}
        for path in entity.paths:
            matched = matching(self.mapping.base_dir, path)
            if not matched:
                raise SourceUnreachable(
                    self.name, f"no file matches {path}", "Put it there, or correct `path`"
                )
            found |= dict.fromkeys(matched)
        return list(found)


@dataclass(frozen=True)
class _PlannedFile:
    """A file to read from `resume` on, or to skip because it is still as `known`."""

    name: str
    path: Path
    resume: Resume | None = None
    known: LoadedFile | None = None


def _plan(
    paths: dict[str, Path], loaded: Mapping[str, LoadedFile], is_grouped: bool, is_reading: bool
) -> list[_PlannedFile]:
    """Decide for each file whether to read it, and from where.

    Of rows with one key, the last file's counts. So all files after one that is read are
    read too, and whole; so are those of the entity's later sections (`is_reading`). Groups
    may fold lines of all files: all are read when one has changed.
    """
    plan: list[_PlannedFile] = []
    for name, path in paths.items():
        known = None if is_reading else loaded.get(name)
        if known and known.is_unchanged(path):
            plan.append(_PlannedFile(name, path, known=known))
            continue
        is_reading = True
        resume = None
        if known and not is_grouped and known.is_appended(path):
            resume = Resume(known.size, known.line, known.header)
        plan.append(_PlannedFile(name, path, resume))
    if is_grouped and is_reading:
        return [_PlannedFile(each.name, each.path) for each in plan]
    return plan


@dataclass
class _EntityReading:
    """Reads files for one entity."""

    source: FilesSource
    entity: FilesEntity
    lookups: dict[Lookup, pa.Table] = field(init=False)
    groups: Groups | None = field(init=False)

    def __post_init__(self) -> None:
        mapping = self.entity.mapping
        self.lookups = read_lookups(self.source.name, mapping)
        self.groups = Groups(mapping) if mapping.folds else None

    def read(self, planned: _PlannedFile) -> Generator[Extract, None, LoadedFile]:
        """Yield a file's extracts and return how far it was loaded."""
        opened = OpenedFile.of(planned.path)
        reader = self.source.reader(self.entity, planned.path)
        is_append = planned.resume is not None
        yield _empty(self.entity.mapping.entity, planned.name, is_append)
        yield from prefetched(
            lambda records: self._extract(planned.name, records, is_append),
            reader.records(planned.resume, opened.readable_end),
        )
        return opened.loaded(reader.next_line, reader.columns, reader.can_resume)

    def _extract(self, file: str, records: Records, is_append: bool) -> Extract:
        rows = map_records(self.entity.mapping, records, self.lookups)
        table = self.entity.mapping.entity
        batch, folded, leaving = rows.batch, 0, rows.leaving
        if self.groups is not None:
            self.groups.add(file, batch)
            batch = arrow_schema(table).empty_table()
            folded = rows.received - len(rows.rejects) - rows.filtered
            leaving = leaving and leaving.before_all_rows()
        return Extract(
            table,
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
        )

    def finish(self) -> Iterator[Extract]:
        """Yield the groups, each under the file in which its first line was."""
        if self.groups is None:
            return
        table, section = self.entity.mapping.entity, self.entity.section
        for file, batch in self.groups.rows():
            yield Extract(table, file, batch, (), 0, folded=-batch.num_rows, section=section)


def _empty(
    table: Entity, file: str, is_append: bool, state: Mapping[str, Any] | None = None
) -> Extract:
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (), 0, state, is_append=is_append)

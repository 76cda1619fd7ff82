"""The files source: what is new in the configured files, as extracts for the pipeline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.errors import SourceUnreachable
from ingestion.sources.base import Extract, arrow_schema
from ingestion.sources.files import marks
from ingestion.sources.files.ahead import ahead
from ingestion.sources.files.chunk import Chunk, Reader, Resume
from ingestion.sources.files.grouping import Groups
from ingestion.sources.files.lookups import fingerprint, read_lookups
from ingestion.sources.files.mapping import EntityMapping, FilesMapping
from ingestion.sources.files.marks import Mark
from ingestion.sources.files.paths import display_name, matching
from ingestion.sources.files.readers import open_reader
from ingestion.sources.files.rows import make_rows


class FilesSource:
    """Files of a company's systems, mapped to the contract's entities."""

    kind = "files"

    def __init__(self, mapping: FilesMapping) -> None:
        self.mapping = mapping
        self.name = mapping.name

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the files fill."""
        return tuple({each.entity.name: each.entity for each in self.mapping.entities}.values())

    def files(self) -> dict[str, set[str]]:
        """Return the names of the files that there are for each entity."""
        found: dict[str, set[str]] = {}
        for entity in self.mapping.entities:
            found.setdefault(entity.entity.name, set()).update(self._named_paths(entity))
        return found

    def check(self) -> str:
        """Look at the beginning of every file; SourceError if one can't be read."""
        files = 0
        for entity in self.mapping.entities:
            for path in self._paths(entity):
                self._reader(entity, path).check()
                files += 1
        return f"{files} files can be read for {', '.join(each.name for each in self.tables())}"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Give the rows of files that are new, changed or appended to since `state`."""
        current = fingerprint(self.mapping)
        known = state.get("files", {}) if state.get("mapping") == current else {}
        seen: dict[str, dict[str, Any]] = {}
        changed: set[str] = set()
        last: Extract | None = None
        for number, entity in enumerate(self.mapping.entities):
            plan = self._plan(entity, known.get(str(number), {}), changed)
            seen[str(number)] = {each.name: each.mark.to_state() for each in plan if each.mark}
            for last in self._read(entity, plan, seen[str(number)]):
                yield last
        if last is not None:
            yield _empty(last.table, last.file, last.is_append, {"mapping": current, "files": seen})

    def _plan(
        self, entity: EntityMapping, known: Mapping[str, Any], changed: set[str]
    ) -> list["_Planned"]:
        """Plan a section's files; `changed` gathers the entities of which one was read."""
        marks_ = {path: Mark.from_state(mark) for path, mark in known.items()}
        is_reading = entity.entity.name in changed
        plan = _plan(entity, self._named_paths(entity), marks_, is_reading)
        if any(each.mark is None for each in plan):
            changed.add(entity.entity.name)
        return plan

    def _read(
        self, entity: EntityMapping, plan: list["_Planned"], seen: dict[str, Any]
    ) -> Iterator[Extract]:
        work = _EntityWork(self, entity)
        for each in plan:
            if each.mark is None:
                seen[each.name] = yield from work.read(each)
        yield from work.finish()

    def _named_paths(self, entity: EntityMapping) -> dict[str, Path]:
        return {display_name(self.mapping.base_dir, path): path for path in self._paths(entity)}

    def _paths(self, entity: EntityMapping) -> list[Path]:
        found: dict[Path, None] = {}
        for path in entity.paths:
            matched = matching(self.mapping.base_dir, path)
            if not matched:
                raise SourceUnreachable(
                    self.name, f"no file matches {path}", "Put it there, or correct `path`"
                )
            found |= dict.fromkeys(matched)
        return list(found)

    def _reader(self, entity: EntityMapping, path: Path) -> Reader:
        return open_reader(
            self.name, path, entity.file_format, entity.file_columns, _moments(entity)
        )


@dataclass(frozen=True)
class _Planned:
    """A file to read from `resume` on, or to leave because of its `mark`."""

    name: str
    path: Path
    resume: Resume | None = None
    mark: Mark | None = None


def _plan(
    entity: EntityMapping, paths: dict[str, Path], known: Mapping[str, Mark], is_reading: bool
) -> list[_Planned]:
    """Decide for each file whether to read it, and from where.

    Of rows with one key, the last file's counts. So all files after one that is read are
    read too, and whole; so are those of the entity's later sections (`is_reading`). Groups
    may gather lines of all files: all are read when one has changed.
    """
    plan: list[_Planned] = []
    for name, path in paths.items():
        mark = None if is_reading else known.get(name)
        if mark and marks.is_unchanged(path, mark):
            plan.append(_Planned(name, path, mark=mark))
            continue
        is_reading = True
        resume = None
        if mark and not entity.group and marks.is_appended(path, mark):
            resume = Resume(mark.size, mark.line, mark.header)
        plan.append(_Planned(name, path, resume))
    if entity.group and is_reading:
        return [_Planned(each.name, each.path) for each in plan]
    return plan


def _moments(entity: EntityMapping) -> frozenset[str]:
    """Return the file's columns out of which dates and times are made."""
    moments = [each for each in entity.columns if each.target.is_moment]
    return frozenset(name for each in moments for name in each.fields)


@dataclass
class _EntityWork:
    """Reads files for one entity."""

    source: FilesSource
    entity: EntityMapping
    lookups: dict[str, pa.Table] = field(init=False)
    groups: Groups | None = field(init=False)

    def __post_init__(self) -> None:
        self.lookups = read_lookups(self.source.name, self.entity)
        self.groups = Groups(self.entity) if self.entity.group else None

    def read(self, planned: _Planned):
        """Give a file's extracts and return its new mark."""
        before = marks.Before.of(planned.path)
        reader = self.source._reader(self.entity, planned.path)
        is_append = planned.resume is not None
        yield _empty(self.entity.entity, planned.name, is_append)
        yield from ahead(
            lambda chunk: self._extract(planned.name, chunk, is_append),
            reader.chunks(planned.resume, before.readable_end),
        )
        can_resume = reader.can_resume
        return before.mark(reader.next_line, reader.columns, can_resume).to_state()

    def _extract(self, file: str, chunk: Chunk, is_append: bool) -> Extract:
        rows = make_rows(self.entity, chunk, self.lookups)
        table = self.entity.entity
        if self.groups is None:
            return Extract(
                table, file, rows.batch, rows.rejects, rows.received, is_append=is_append
            )
        self.groups.add(file, rows.batch)
        nothing = arrow_schema(table).empty_table()
        folded = rows.batch.num_rows
        return Extract(table, file, nothing, rows.rejects, rows.received, folded=folded)

    def finish(self) -> Iterator[Extract]:
        """Give the groups, each under the file in which its first line was."""
        if self.groups is None:
            return
        for file, batch in self.groups.rows():
            yield Extract(self.entity.entity, file, batch, (), 0, folded=-batch.num_rows)


def _empty(
    table: Entity, file: str, is_append: bool, state: Mapping[str, Any] | None = None
) -> Extract:
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (), 0, state, is_append=is_append)

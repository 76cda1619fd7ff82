"""The files source: what is new in the configured files, as extracts for the pipeline."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
        plans = self._plans(known)
        last: Extract | None = None
        for number, (entity, plan) in enumerate(zip(self.mapping.entities, plans, strict=True)):
            seen[str(number)] = {each.name: each.known.to_state() for each in plan if each.known}
            for last in self._read(entity, plan, seen[str(number)]):
                yield last
        yield from self._whole(plans)
        if last is not None:
            yield _empty(last.table, last.file, last.is_append, {"mapping": current, "files": seen})

    def reader(self, entity: FilesEntity, path: Path) -> Reader:
        """Return the reader of one of an entity's files."""
        mapping, form = entity.mapping, entity.file_format
        reader = READERS[format_of(path, form.format)]
        return reader(self.name, path, form, mapping.needed, mapping.moments)

    def _plans(self, known: Mapping[str, Any]) -> list["_Plan"]:
        """Plan each section's files.

        Sections of one entity are read together and whole: a row that one of them lost may be
        another one's.
        """
        plans = []
        for number, entity in enumerate(self.mapping.entities):
            states = known.get(str(number), {})
            loaded = {path: LoadedFile.from_state(state) for path, state in states.items()}
            plans.append(_plan(entity, self._named_paths(entity), loaded))
        names = [entity.mapping.entity.name for entity in self.mapping.entities]
        read = {name for name, plan in zip(names, plans, strict=True) if _is_read(plan)}
        return [
            _from_the_start(plan) if name in read and names.count(name) > 1 else plan
            for name, plan in zip(names, plans, strict=True)
        ]

    def _whole(self, plans: list["_Plan"]) -> Iterator[Extract]:
        """Say of which sections the load brings all rows, and of which entities."""
        by_table: dict[str, list[FilesEntity]] = {}
        for entity in self.mapping.entities:
            by_table.setdefault(entity.mapping.entity.name, []).append(entity)
        for entity, plan in zip(self.mapping.entities, plans, strict=True):
            if entity.is_complete and _is_whole(plan):
                # What came by a section that is configured no longer is nobody's.
                is_all = all(each.is_complete for each in by_table[entity.mapping.entity.name])
                section = None if is_all else entity.section
                end = _empty(entity.mapping.entity, plan[-1].name, is_append=False)
                yield replace(end, section=section, is_whole=True)

    def _read(self, entity: FilesEntity, plan: "_Plan", seen: dict[str, Any]) -> Iterator[Extract]:
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


_Plan = list[_PlannedFile]


def _plan(
    entity: FilesEntity, paths: dict[str, Path], loaded: Mapping[str, LoadedFile]
) -> list[_PlannedFile]:
    """Decide for each file whether to read it, and from where.

    Of rows with one key, the last file's counts. So all files after one that is read are
    read too, and whole. Groups may fold lines of all files, and sets have rows in all: all are read
    when one has changed. So are those of a complete section when rows may have vanished.
    """
    plan: list[_PlannedFile] = []
    is_together = entity.mapping.folds or bool(entity.mapping.entity.set_key)
    is_reading = False
    for name, path in paths.items():
        known = None if is_reading else loaded.get(name)
        if known and known.is_unchanged(path):
            plan.append(_PlannedFile(name, path, known=known))
            continue
        is_reading = True
        resume = None
        if known and not is_together and known.is_appended(path):
            resume = Resume(known.size, known.line, known.header)
        plan.append(_PlannedFile(name, path, resume))
    anew = {each.name for each in plan if _is_anew(each)}
    has_lost = loaded.keys() & anew or loaded.keys() - paths.keys()
    if (is_together and is_reading) or (entity.is_complete and has_lost):
        return _from_the_start(plan)
    return plan


def _is_read(plan: _Plan) -> bool:
    return any(each.known is None for each in plan)


def _is_anew(planned: _PlannedFile) -> bool:
    return planned.known is None and planned.resume is None


def _is_whole(plan: _Plan) -> bool:
    return all(_is_anew(each) for each in plan)


def _from_the_start(plan: _Plan) -> _Plan:
    """Plan to read every file, and whole."""
    return [_PlannedFile(each.name, each.path) for each in plan]


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
            overrides=self.entity.overrides,
        )

    def finish(self) -> Iterator[Extract]:
        """Yield the groups, each under the file in which its first line was."""
        if self.groups is None:
            return
        for file, batch in self.groups.rows():
            yield Extract(
                self.entity.mapping.entity,
                file,
                batch,
                (),
                0,
                folded=-batch.num_rows,
                section=self.entity.section,
                overrides=self.entity.overrides,
            )


def _empty(
    table: Entity, file: str, is_append: bool, state: Mapping[str, Any] | None = None
) -> Extract:
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (), 0, state, is_append=is_append)

"""One load of a files source: which files are as they were, which are read, which are refused.

A file that can't be read stops no other, and nothing of it is loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ingestion.contract import Entity
from ingestion.errors import MappingFault, SourceAnswerBroken, SourceError
from ingestion.sources.base import Extract
from ingestion.sources.files.plan import Plan, PlannedFile, require_own_keys
from ingestion.sources.files.reading import EntityReading, refusal
from ingestion.sources.files.settings import FilesEntity, FilesMapping
from ingestion.sources.files.state import LoadedFile, OpenedFile
from ingestion.sources.mapped import nothing_of


@dataclass
class FilesLoad:
    """The files of one load, by section and name; the refused ones by entity and name."""

    mapping: FilesMapping
    plans: list[Plan]
    seen: list[dict[str, LoadedFile]] = field(default_factory=list)
    refused: dict[tuple[str, str], SourceError] = field(default_factory=dict)

    def extracts(self) -> Iterator[Extract]:
        """Yield what is new in the files; SourceError if none of them could be read."""
        for entity, plan in zip(self.mapping.entities, self.plans, strict=True):
            yield from self._section(entity, plan)
        if self.refused and not any(map(_has_read, self.seen)):
            raise next(iter(self.refused.values()))
        yield from self._whole()

    def state(self) -> dict[str, dict[str, Any]]:
        """Return what the source's next load has to know of the files, by number of the section."""
        sections = enumerate(zip(self.mapping.entities, self.seen, strict=True))
        return {
            str(number): {name: file.to_state() for name, file in files.items()}
            for number, (entity, files) in sections
            if not self._is_read_again(entity)
        }

    def _section(self, entity: FilesEntity, plan: Plan) -> Iterator[Extract]:
        """Yield what is new in the files of a section."""
        self.seen.append({each.name: each.known for each in plan if each.known})
        require_own_keys(self.mapping.name, entity, len(plan))
        unread = [each for each in plan if not each.known and not self._error(entity, each)]
        if not unread:
            return
        try:
            reading = EntityReading(self.mapping, entity)
        except MappingFault:
            raise
        except SourceError as error:  # a file in which values are looked up
            for each in unread:
                yield self._refuse(entity, each, error)
            return
        for each in unread:
            yield from self._read(reading, each)
        self._require_suited(entity, unread)
        errors = list(filter(None, (self._error(entity, each) for each in plan)))
        if entity.mapping.folds and errors:
            yield from self._refuse_group(entity, plan, errors[0])
        else:
            yield from reading.finish()

    def _require_suited(self, entity: FilesEntity, unread: list[PlannedFile]) -> None:
        """Raise the MappingFault of a section whose mapping suits none of its files."""
        errors = (self._error(entity, each) for each in unread)
        fault = next((error for error in errors if isinstance(error, MappingFault)), None)
        if fault and not _has_read(self.seen[-1]):
            raise fault

    def _whole(self) -> Iterator[Extract]:
        """Say of which sections the load brings all rows, and of which entities.

        None of an entity of which a file is refused: what it holds isn't known.
        """
        for entity, plan in zip(self.mapping.entities, self.plans, strict=True):
            is_whole = all(each.is_anew for each in plan) and not self._is_broken(entity.table)
            if entity.is_complete and is_whole:
                # What came by a section that is configured no longer is nobody's.
                is_all = all(each.is_complete for each in self.mapping.sections_of(entity.table))
                section = None if is_all else entity.section
                end = nothing_of(entity.table, plan[-1].name, is_append=False)
                yield replace(end, section=section, is_whole=True)

    def _read(self, reading: EntityReading, planned: PlannedFile) -> Iterator[Extract]:
        exports, opened = reading.exports, None
        try:
            exports.require_allowed(planned.file)
            opened = OpenedFile.of(planned.file.path)
            with exports.opened(planned.file) as path:
                loaded = yield from reading.read(planned, path, opened)
        except SourceError as error:
            yield self._refuse(reading.entity, planned, error)
            if opened and isinstance(error, SourceAnswerBroken):
                self.seen[-1][planned.name] = opened.refused()
        except OSError as error:
            yield self._refuse(reading.entity, planned, exports.unreadable(planned.file, error))
        else:
            self.seen[-1][planned.name] = loaded

    def _refuse(self, entity: FilesEntity, planned: PlannedFile, error: SourceError) -> Extract:
        """Refuse a file for an entity, and what sections before have read of it."""
        self.refused[entity.table.name, planned.name] = error
        for section, files in zip(self.mapping.entities, self.seen, strict=False):
            if section.table.name == entity.table.name:
                files.pop(planned.name, None)
        return refusal(entity.table, planned.name, error)

    def _refuse_group(
        self, entity: FilesEntity, plan: Plan, broken: SourceError
    ) -> Iterator[Extract]:
        """Refuse all files of a group: the sum of some lines of an order is no amount of it."""
        for each in plan:
            if not self._error(entity, each):
                problem = f"{each.name} is grouped with a file that can't be read: {broken.problem}"
                yield self._refuse(
                    entity, each, SourceAnswerBroken(broken.source, problem, broken.remedy)
                )

    def _error(self, entity: FilesEntity, planned: PlannedFile) -> SourceError | None:
        return self.refused.get((entity.table.name, planned.name))

    def _is_broken(self, table: Entity) -> bool:
        return any(name == table.name for name, _ in self.refused)

    def _is_read_again(self, entity: FilesEntity) -> bool:
        """Return whether the next load reads a section whole: a file that it depends on is refused.

        Where rows leave, or come together, because of what all files of an entity hold, none of
        them is known without the others.
        """
        is_one_of_several = len(self.mapping.sections_of(entity.table)) > 1
        depends = entity.is_together or entity.is_complete or is_one_of_several
        return depends and self._is_broken(entity.table)


def _has_read(files: dict[str, LoadedFile]) -> bool:
    return not all(file.is_refused for file in files.values())

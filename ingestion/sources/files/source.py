"""The files source: what is new in the configured files, as extracts for the pipeline."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.contract import Entity
from ingestion.errors import SourceError, together
from ingestion.mapping.preview import SectionPreview
from ingestion.sources.base import Extract
from ingestion.sources.files.load import FilesLoad
from ingestion.sources.files.lookups import check_lookups, fingerprint
from ingestion.sources.files.plan import plans, require_own_keys
from ingestion.sources.files.preview import previews
from ingestion.sources.files.settings import FilesEntity, FilesMapping
from ingestion.sources.mapped import nothing_of, tables_of


class FilesSource:
    """Files of a company's systems, mapped to the contract's entities."""

    kind = "files"

    def __init__(self, mapping: FilesMapping) -> None:
        self.mapping = mapping
        self.name = mapping.name

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the files fill."""
        return tables_of(self.mapping.entities)

    def files(self) -> dict[str, set[str]]:
        """Return the names of the files that there are for each entity."""
        found: dict[str, set[str]] = {}
        for entity in self.mapping.entities:
            names = found.setdefault(entity.table.name, set())
            names.update(self.mapping.exports(entity).files())
        return found

    def check(self) -> str:
        """Look at the beginning of every file; SourceError says of all that can't be read."""
        errors: list[SourceError] = []
        files = 0
        for entity in self.mapping.entities:
            try:
                files += self._count(entity, errors)
            except SourceError as error:
                errors.append(error)
        if errors:
            raise together(errors)
        counted = "1 file" if files == 1 else f"{files:,} files"
        return f"{counted} can be read for {', '.join(each.name for each in self.tables())}"

    def previews(self, entity: str | None, rows: int) -> Iterator[SectionPreview]:
        """Yield the beginning of each section's first file, for one entity or for all."""
        yield from previews(self.mapping, entity, rows)

    def _count(self, entity: FilesEntity, errors: list[SourceError]) -> int:
        """Look at the files of a section, and return how many there are."""
        exports = self.mapping.exports(entity)
        found = exports.files()
        require_own_keys(self.name, entity, len(found))
        for file in found.values():
            try:
                with exports.opened(file) as path:
                    self.mapping.reader(entity, path).check()
            except SourceError as error:
                errors.append(error)
            except OSError as error:
                errors.append(exports.unreadable(file, error))
        check_lookups(self.name, entity.mapping, entity.file_format.limits)
        return len(found)

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield the rows of files that are new, changed or appended to since `state`."""
        mappings = [entity.mapping for entity in self.mapping.entities]
        current = fingerprint(self.mapping.fingerprint, mappings)
        known = state.get("files", {}) if state.get("mapping") == current else {}
        load = FilesLoad(self.mapping, plans(self.mapping, known))
        last: Extract | None = None
        for last in load.extracts():
            yield last
        if last is not None:
            new = {"mapping": current, "files": load.state()}
            yield nothing_of(last.table, last.file, last.is_append, new)

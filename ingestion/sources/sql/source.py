"""The sql source: what is new in a database, as extracts for the pipeline."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ingestion.contract import Entity
from ingestion.errors import MappingFault, SourceError, together
from ingestion.mapping.preview import SectionPreview, preview
from ingestion.sources.base import Extract
from ingestion.sources.mapped import MappedSection, nothing_of, tables_of
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.sql.database import Database
from ingestion.sources.sql.progress import Progress, Read
from ingestion.sources.sql.settings import SqlEntity, SqlMapping


@dataclass(frozen=True)
class SqlSource:
    """Tables and queries of one database, mapped to the contract's entities."""

    mapping: SqlMapping
    kind: str = "sql"

    @property
    def name(self) -> str:
        return self.mapping.name

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the database fills."""
        return tables_of(self.mapping.entities)

    def check(self) -> str:
        """Ask for the first rows of each entity; SourceError says of all that can't be read."""
        database, errors = Database(self.mapping), list[SourceError]()
        for entity in self.mapping.entities:
            try:
                database.first(entity)
            except SourceError as error:
                errors.append(error)
        if errors:
            raise together(errors)
        places = ", ".join(each.section for each in self.mapping.entities)
        return f"{self.mapping.url.render_as_string(hide_password=True)} lets read {places}"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield what is new or may have changed since `state`, or a piece of it, batch by batch.

        What is read anew each time comes with the last piece.
        """
        is_same = state.get("mapping") == self.mapping.fingerprint
        read: dict[str, Any] = dict(state.get("tables", {})) if is_same else {}
        ended: list[str] = list(state.get("ended", ())) if is_same else []
        database, has_more = Database(self.mapping), False
        for entity in sorted(self.mapping.entities, key=lambda each: each.changes is None):
            place = f"{entity.table.name} {entity.section}"
            if place in ended:
                continue
            progress = self._progress(entity, read.get(place, {}))
            has_more = yield from self._entity(database, entity, progress)
            if progress and (written := progress.written(is_cut=has_more)):
                read[place] = written
            if has_more:
                break
            ended.append(place)
        last = self.mapping.entities[-1]
        ended = ended if has_more else []
        new = {"mapping": self.mapping.fingerprint, "tables": read, "ended": ended}
        yield replace(nothing_of(last.table, last.section, True, new), has_more=has_more)

    def previews(self, entity: str | None, rows: int) -> Iterator[SectionPreview]:
        """Yield the first rows of each section, for one entity or for all."""
        database = Database(self.mapping)
        for section in self.mapping.entities:
            if entity in (None, section.table.name):
                yield _preview(database, section, rows)

    def _progress(self, entity: SqlEntity, known: Mapping[str, Any]) -> Progress | None:
        changes = entity.changes
        return Progress.of(changes, self.mapping.time_zone, known) if changes else None

    def _entity(
        self, database: Database, entity: SqlEntity, progress: Progress | None
    ) -> Generator[Extract, None, bool]:
        """Yield an entity's rows, and that these are all of them where they are.

        Return whether there are more than this piece has.
        """
        section = MappedSection(entity.section, entity.mapping, {})
        records = ObjectRecords(entity.mapping.needed, entity.rows)
        since, after = (progress.since, progress.after) if progress else (None, None)
        is_append, received, is_cut = since is not None, 0, False
        yield nothing_of(entity.table, entity.section, is_append)
        for batch in database.batches(entity, since, after):
            read = progress.read(batch) if progress else Read(batch.rows, len(batch.rows))
            received += read.received
            extract = section.extract(entity.section, records.of(read.new), is_append)
            repeated = read.received - len(read.new)
            yield replace(
                extract, received=extract.received + repeated, folded=extract.folded + repeated
            )
            if is_cut := read.is_end:
                break
        if received and not is_append:
            self._require_found(entity, records)
        yield from section.finish()
        if entity.is_complete and received:
            end = nothing_of(entity.table, entity.section, is_append=False)
            yield replace(end, section=entity.section, is_whole=True)
        return is_cut

    def _require_found(self, entity: SqlEntity, records: ObjectRecords) -> None:
        """Raise a MappingFault if a path into JSON led nowhere in all rows."""
        if missing := records.missing():
            problem = f"no row of {entity.section} has {', '.join(map(repr, missing))}"
            remedy = "Correct the mapping, or mark the column `optional`"
            raise MappingFault(self.name, problem, remedy)


def _preview(database: Database, section: SqlEntity, rows: int) -> SectionPreview:
    name = section.table.name
    try:
        objects = database.first(section)
    except SourceError as error:
        return SectionPreview(name, section.section, 0, problem=error)
    records = ObjectRecords(section.mapping.needed, section.rows).of(objects)
    shown = preview(section.mapping, records, {}, rows)
    return SectionPreview(name, section.section, 0, folds=section.mapping.how_folded, preview=shown)

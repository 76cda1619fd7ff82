"""The sql source: what is new in a database, as extracts for the pipeline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ingestion.contract import Entity
from ingestion.errors import MappingFault, SourceError, together
from ingestion.mapping.preview import SectionPreview, preview
from ingestion.sources.base import Extract
from ingestion.sources.mapped import MappedSection, nothing_of, tables_of
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.sql.database import Database, moment
from ingestion.sources.sql.settings import SqlEntity, SqlMapping
from ingestion.sources.watermark import Watermark


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
                next(database.batches(entity, None), None)
            except SourceError as error:
                errors.append(error)
        if errors:
            raise together(errors)
        places = ", ".join(each.section for each in self.mapping.entities)
        return f"{self.mapping.url.render_as_string(hide_password=True)} lets read {places}"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield what is new or may have changed since `state`, batch by batch."""
        is_same = state.get("mapping") == self.mapping.fingerprint
        known = state.get("tables", {}) if is_same else {}
        database, read = Database(self.mapping), dict[str, dict[str, Any]]()
        for entity in self.mapping.entities:
            place = f"{entity.table.name} {entity.section}"
            mark = _watermark(entity, known.get(place, {}))
            yield from self._entity(database, entity, mark)
            if mark and mark.newest:
                read[place] = {"newest": mark.newest.isoformat(), "again": mark.digests()}
            elif place in known:
                read[place] = known[place]
        last = self.mapping.entities[-1]
        new = {"mapping": self.mapping.fingerprint, "tables": read}
        yield nothing_of(last.table, last.section, True, new)

    def previews(self, entity: str | None, rows: int) -> Iterator[SectionPreview]:
        """Yield the first rows of each section, for one entity or for all."""
        database = Database(self.mapping)
        for section in self.mapping.entities:
            if entity in (None, section.table.name):
                yield _preview(database, section, rows)

    def _entity(
        self, database: Database, entity: SqlEntity, mark: Watermark | None
    ) -> Iterator[Extract]:
        """Yield an entity's rows, and that these are all of them where they are."""
        section = MappedSection(entity.section, entity.mapping, {})
        records = ObjectRecords(entity.mapping.needed, entity.rows)
        since, is_append = None, False
        if mark and mark.newest:
            since, is_append = mark.newest - mark.lag, True
        received = 0
        yield nothing_of(entity.table, entity.section, is_append)
        for objects in database.batches(entity, since):
            new: list[Any] = objects
            if mark and entity.changes:
                column = entity.changes.column
                timed = ((each, moment(each[column], self.mapping.time_zone)) for each in objects)
                new = mark.news(timed, datetime.now(UTC))
            received += len(objects)
            extract = section.extract(entity.section, records.of(new), is_append)
            repeated = len(objects) - len(new)
            yield replace(
                extract,
                received=extract.received + repeated,
                folded=extract.folded + repeated,
            )
        if received and not is_append:
            self._require_found(entity, records)
        yield from section.finish()
        if entity.is_complete and received:
            end = nothing_of(entity.table, entity.section, is_append=False)
            yield replace(end, section=entity.section, is_whole=True)

    def _require_found(self, entity: SqlEntity, records: ObjectRecords) -> None:
        """Raise a MappingFault if a path into JSON led nowhere in all rows."""
        if missing := records.missing():
            problem = f"no row of {entity.section} has {', '.join(map(repr, missing))}"
            remedy = "Correct the mapping, or mark the column `optional`"
            raise MappingFault(self.name, problem, remedy)


def _watermark(entity: SqlEntity, known: Mapping[str, Any]) -> Watermark | None:
    if entity.changes is None:
        return None
    newest = datetime.fromisoformat(known["newest"]) if known else None
    return Watermark(entity.changes.lag, frozenset(known.get("again", ())), newest)


def _preview(database: Database, section: SqlEntity, rows: int) -> SectionPreview:
    name = section.table.name
    try:
        objects = next(database.batches(section, None), [])
    except SourceError as error:
        return SectionPreview(name, section.section, 0, problem=error)
    records = ObjectRecords(section.mapping.needed, section.rows).of(objects)
    shown = preview(section.mapping, records, {}, rows)
    return SectionPreview(name, section.section, 0, folds=section.mapping.how_folded, preview=shown)

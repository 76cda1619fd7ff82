"""One load of an API: its endpoints one after the other, children beside their parents' records.

An endpoint in which columns are looked up is read before the others, and once.
The new state comes with the last extract, so that a load that was cut short is done again from
where the one before it ended. How pages follow each other belongs to `pages`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from ingestion.errors import MappingFault
from ingestion.http import ApiSession
from ingestion.mapping.declarations import Lookup
from ingestion.mapping.expressions import Lookups
from ingestion.sources.base import Extract
from ingestion.sources.mapped import MappedSection, nothing_of
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.rest.declarations import Endpoint, RestEntity, RestMapping
from ingestion.sources.rest.endpoints import placeholders
from ingestion.sources.rest.lookups import lookup_tables
from ingestion.sources.rest.moments import moment, wanted
from ingestion.sources.rest.pages import Page, Pages
from ingestion.sources.watermark import Watermark

BATCH_RECORDS = 5_000
# Under this name a record of a child has its parent's.
PARENT = "parent"


@dataclass
class Read:
    """What was read of an endpoint in this load, and what waits to become extracts."""

    watermark: Watermark | None
    waiting: list[Any] = field(default_factory=list)
    asked: int = 0
    received: int = 0
    repeated: int = 0


@dataclass
class Reading:
    """Reads all endpoints once."""

    mapping: RestMapping
    session: ApiSession
    state: Mapping[str, Any]

    def __post_init__(self) -> None:
        is_same = self.state.get("mapping") == self.mapping.fingerprint
        known = self.state if is_same else {}
        self._since: dict[str, str] = dict(known.get("since", {}))
        again: Mapping[str, list[str]] = known.get("again", {})
        self._read = {
            each.name: Read(
                Watermark(each.cursor.lag, frozenset(again.get(each.name, ())))
                if each.cursor
                else None
            )
            for each in self.mapping.endpoints
        }
        # Filled before a section reads what it looks up.
        self._tables: dict[Lookup, pa.Table] = {}
        self._held: dict[str, list[Page]] = {}
        self._sections = {
            (each.section, each.table.name): (
                MappedSection(each.section, each.mapping, self._tables, removes=each.removes),
                ObjectRecords(each.mapping.needed, each.rows),
            )
            for each in self.mapping.entities
        }

    def extracts(self) -> Iterator[Extract]:
        """Yield everything since the state, and the new state last."""
        for entity in self.mapping.entities:
            self.lookups(entity)
        for endpoint in self.mapping.endpoints:
            if endpoint.parent is None and not self.mapping.is_lookup_alone(endpoint.name):
                yield from self._endpoint(endpoint, {})
        for endpoint in self.mapping.endpoints:
            yield from self._flush(endpoint)
        self._require_found()
        for section, _ in self._sections.values():
            yield from section.finish()
        yield from self._whole()
        table = self.mapping.entities[-1].table
        yield nothing_of(table, self.mapping.entities[-1].section, True, self._state())

    def lookups(self, entity: RestEntity) -> Lookups:
        """Return the tables of an entity's lookups; endpoints that are not read yet are, whole."""
        for lookup in entity.lookups:
            if lookup not in self._tables:
                self._look_up(self.mapping.endpoint(lookup.endpoint))
        return self._tables

    def _look_up(self, endpoint: Endpoint) -> None:
        """Read an endpoint's lookups, and hold its pages if more is made of them."""
        pages = self.pages(endpoint, {})
        if not self.mapping.is_lookup_alone(endpoint.name):
            pages = iter(self._held.setdefault(endpoint.name, list(pages)))
        found = self.mapping.lookups_in(endpoint.name)
        self._tables |= lookup_tables(self.mapping.name, endpoint, found, pages)

    def _state(self) -> dict[str, Any]:
        """Return times as ISO 8601, and digests of what the next load reads again."""
        marks = {name: read.watermark for name, read in self._read.items() if read.watermark}
        moved = {name: mark.newest.isoformat() for name, mark in marks.items() if mark.newest}
        return {
            "mapping": self.mapping.fingerprint,
            "since": {**self._since, **moved},
            "again": {name: mark.digests() for name, mark in marks.items()},
        }

    def _endpoint(self, endpoint: Endpoint, parent: Mapping[str, Any]) -> Iterator[Extract]:
        """Read an endpoint to its end, and for each of its records its children."""
        read = self._read[endpoint.name]
        for page in self.pages(endpoint, parent):
            records = with_parent(self._news(endpoint, page), parent).records
            read.waiting += records
            read.received += len(records)
            if len(read.waiting) >= BATCH_RECORDS:
                yield from self._flush(endpoint)
            for child in self.mapping.children(endpoint.name):
                for record in records:
                    if isinstance(record, dict):
                        yield from self._endpoint(child, record)

    def pages(self, endpoint: Endpoint, parent: Mapping[str, Any]) -> Iterator[Page]:
        """Yield an endpoint's pages, for a record of its parent if it has one."""
        if endpoint.name in self._held:
            yield from self._held[endpoint.name]
            return
        params: dict[str, str] = {}
        if endpoint.cursor:
            since = self._since.get(endpoint.name)
            known = datetime.fromisoformat(since) if since else None
            params = wanted(endpoint.cursor, known, self.mapping.start_date)
        path = _filled(endpoint, parent)
        if path is not None:
            self._read[endpoint.name].asked += 1
            yield from Pages(self.mapping, self.session).of(endpoint, path, params)

    def _news(self, endpoint: Endpoint, page: Page) -> Page:
        """Return a page without the records that the load before has read."""
        read, cursor = self._read[endpoint.name], endpoint.cursor
        if cursor is None or read.watermark is None:
            return page
        timed = ((record, moment(cursor, record)) for record in page.records)
        records = read.watermark.news(timed, page.answered_at)
        read.repeated += len(page.records) - len(records)
        if read.watermark.newest is None and page.records:
            problem = f"no record of {endpoint.path} has a time in {cursor.field!r}"
            raise MappingFault(self.mapping.name, problem, "Correct `since` of the endpoint")
        return replace(page, records=records)

    def _flush(self, endpoint: Endpoint) -> Iterator[Extract]:
        """Yield what waits of an endpoint, for each of its sections."""
        read = self._read[endpoint.name]
        objects, read.waiting = read.waiting, []
        repeated, read.repeated = read.repeated, 0
        is_append = self._goes_on(endpoint)
        for entity in self.mapping.sections_of(endpoint.name):
            section, records = self._sections[entity.section, entity.table.name]
            extract = section.extract(entity.section, records.of(objects), is_append)
            received, folded = extract.received + repeated, extract.folded + repeated
            yield replace(extract, received=received, folded=folded)

    def _goes_on(self, endpoint: Endpoint) -> bool:
        """Return whether an endpoint gives what is new since the load before."""
        while endpoint.cursor is None and endpoint.parent:
            endpoint = self.mapping.endpoint(endpoint.parent)
        return endpoint.name in self._since

    def _require_found(self) -> None:
        """Raise a MappingFault if an endpoint that was read from its start lacks a field."""
        for endpoint in self.mapping.endpoints:
            read = self._read[endpoint.name]
            if endpoint.parent and not read.asked and self._read[endpoint.parent].received:
                names = ", ".join(map(repr, placeholders(endpoint.path)))
                problem = f"no record of {endpoint.parent} has {names}, which {endpoint.path} needs"
                raise MappingFault(self.mapping.name, problem, "Correct the path of the endpoint")
            if not read.received or self._goes_on(endpoint):
                continue
            for entity in self.mapping.sections_of(endpoint.name):
                if missing := self._sections[entity.section, entity.table.name][1].missing():
                    problem = f"no record of {endpoint.path} has {', '.join(map(repr, missing))}"
                    remedy = "Correct the mapping, or mark the column `optional`"
                    raise MappingFault(self.mapping.name, problem, remedy)

    def _whole(self) -> Iterator[Extract]:
        """Say of which sections the load brings all rows; an empty answer never empties a table."""
        for entity in self.mapping.entities:
            if entity.is_complete and self._read[entity.endpoint].received:
                end = nothing_of(entity.table, entity.section, is_append=False)
                yield replace(end, section=entity.section, is_whole=True)


def with_parent(page: Page, parent: Mapping[str, Any]) -> Page:
    """Return a page whose records have their parent's with them."""
    if not parent:
        return page
    records = [
        {PARENT: parent, **record} if isinstance(record, dict) else record
        for record in page.records
    ]
    return replace(page, records=records)


def _filled(endpoint: Endpoint, parent: Mapping[str, Any]) -> str | None:
    """Return an endpoint's path with fields of its parent's record; None if that lacks one."""
    values = {name: parent.get(name) for name in placeholders(endpoint.path)}
    if not all(isinstance(value, str | int) for value in values.values()):
        return None
    quoted = {name: quote(str(value), safe="") for name, value in values.items()}
    return endpoint.path.format(**quoted)

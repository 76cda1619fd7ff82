"""The tables in which columns are looked up: keys and values of another endpoint's records.

Which endpoint a column is looked up in is declared in `declarations`; when it is read belongs to
`reading`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from ingestion.errors import MappingFault, SourceAnswerBroken
from ingestion.mapping.declarations import Lookup
from ingestion.mapping.lookups import lookup_table
from ingestion.mapping.records import Records
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.rest.declarations import Endpoint, EndpointLookup, RestEntity, RestMapping
from ingestion.sources.rest.pages import Page


@dataclass
class LookupTables:
    """The tables of an API's lookups, filled before a section reads what it looks up.

    `pages` reads an endpoint. Where more is made of one than lookups, its pages are `held`. Records
    of children are `waiting` until rows are made that look values up in them.
    """

    mapping: RestMapping
    pages: Callable[[Endpoint], Iterator[Page]]
    tables: dict[Lookup, pa.Table] = field(default_factory=dict)
    held: dict[str, list[Page]] = field(default_factory=dict)
    waiting: dict[str, list[Any]] = field(default_factory=dict)

    def of(self, entity: RestEntity) -> dict[Lookup, pa.Table]:
        """Return the tables of an entity's lookups; endpoints that are not read yet are, whole."""
        for lookup in entity.lookups:
            if lookup not in self.tables:
                self._read(self.mapping.endpoint(lookup.endpoint))
        return self.tables

    def add(self, endpoint: Endpoint, records: list[Any]) -> None:
        """Take records of a child, in which the children after it may look values up."""
        if self.mapping.lookups_in(endpoint.name):
            self.waiting.setdefault(endpoint.name, []).extend(records)

    def settle(self) -> None:
        """Put what waits into the tables; at once, since each small table costs as much."""
        for name, records in self.waiting.items():
            for each, table in self._tables(self.mapping.endpoint(name), [records]).items():
                self.tables[each] = pa.concat_tables([self.tables[each], table])
        self.waiting.clear()

    def _read(self, endpoint: Endpoint) -> None:
        """Read an endpoint; tables of a child begin empty, and grow by its parent's records."""
        pages = self.pages(endpoint)
        if not (endpoint.parent or self.mapping.is_lookup_alone(endpoint.name)):
            pages = iter(self.held.setdefault(endpoint.name, list(pages)))
        self.tables |= self._tables(endpoint, (page.records for page in pages))

    def _tables(self, endpoint: Endpoint, parts: Iterable[list[Any]]) -> dict[Lookup, pa.Table]:
        found = self.mapping.lookups_in(endpoint.name)
        return _lookup_tables(self.mapping.name, endpoint, found, parts)


def _lookup_tables(
    source: str, endpoint: Endpoint, lookups: Collection[EndpointLookup], parts: Iterable[list[Any]]
) -> dict[Lookup, pa.Table]:
    """Return the table of each lookup in an endpoint's records; no more than these are kept."""
    objects = {
        each: ObjectRecords(dict.fromkeys((*each.key, each.value), True), each.rows)
        for each in lookups
    }
    found = {each: [lookup_table(each, ())] for each in lookups}
    received = 0
    for part in parts:
        received += len(part)
        for each, tables in found.items():
            records = objects[each].of(part)
            _require_objects(source, endpoint, records)
            tables.append(lookup_table(each, [records]))
    missing = {name for each in objects.values() for name in each.missing()}
    missing |= {each.rows for each, read in objects.items() if each.rows and not read.rows}
    if received and missing:
        problem = f"no record of {endpoint.path} has {', '.join(map(repr, sorted(missing)))}"
        raise MappingFault(source, problem, "Correct the lookup in it")
    return {each: pa.concat_tables(tables).combine_chunks() for each, tables in found.items()}


def _require_objects(source: str, endpoint: Endpoint, records: Records) -> None:
    """Raise an error of the first record without fields: what it is the key of would be missed."""
    for reject in records.rejects:
        problem = f"record {reject.line} of {endpoint.path}, in which is looked up, {reject.reason}"
        raise SourceAnswerBroken(source, problem, "Ask who runs the API, or remove the lookup")

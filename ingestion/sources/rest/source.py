"""The rest source: what is new in an API, as extracts for the pipeline."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.errors import SourceError, together
from ingestion.http import ApiSession
from ingestion.mapping.declarations import Lookup
from ingestion.mapping.preview import SectionPreview, preview
from ingestion.retries import RetryPolicy
from ingestion.sources.base import Extract
from ingestion.sources.mapped import tables_of
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.rest.context import in_context, may_be_asked
from ingestion.sources.rest.declarations import Endpoint, RestEntity, RestMapping
from ingestion.sources.rest.pages import Page
from ingestion.sources.rest.reading import Reading


@dataclass(frozen=True)
class RestSource:
    """One API, mapped to the contract's entities."""

    mapping: RestMapping
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    kind: str = "rest"

    @property
    def name(self) -> str:
        return self.mapping.name

    def tables(self) -> tuple[Entity, ...]:
        """Return the entities that the API fills."""
        return tables_of(self.mapping.entities)

    def check(self) -> str:
        """Ask each endpoint for its first page; SourceError says of all that don't answer."""
        least = replace(self, mapping=self.mapping.with_least_pages())
        reading, errors, found = least._reading({}), list[SourceError](), list[str]()
        for endpoint in least.mapping.endpoints:
            try:
                page = least._first_page(reading, endpoint)
            except SourceError as error:
                errors.append(error)
            else:
                found.append(f"{endpoint.name} ({_found(page, reading.has_asked(endpoint))})")
        if errors:
            raise together(errors)
        return f"{self.mapping.api.base_url} answers, on first pages: {', '.join(found)}"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        """Yield what is new or may have changed since `state`, batch by batch."""
        yield from self._reading(state).extracts()

    def previews(self, entity: str | None, rows: int) -> Iterator[SectionPreview]:
        """Yield what the first page of each section's endpoint has, for one entity or for all."""
        reading = self._reading({})
        for section in self.mapping.entities:
            if entity in (None, section.table.name):
                yield self._preview(reading, section, rows)

    def _preview(self, reading: Reading, section: RestEntity, rows: int) -> SectionPreview:
        endpoint, name = self.mapping.endpoint(section.endpoint), section.table.name
        try:
            page = self._first_page(reading, endpoint)
            lookups = self._lookups(reading, section)
        except SourceError as error:
            return SectionPreview(name, endpoint.path, 0, problem=error)
        objects = page.records if page else []
        records = ObjectRecords(section.mapping.needed, section.rows).of(objects)
        shown = preview(section.mapping, records, lookups, rows)
        is_whole = page is None or page.is_last
        folds = section.mapping.how_folded
        return SectionPreview(
            name, endpoint.path, 0, is_whole, folds, shown, removes=section.removes
        )

    def _lookups(self, reading: Reading, section: RestEntity) -> Mapping[Lookup, pa.Table]:
        """Return the tables of a section's lookups; of a child, with what its first page has."""
        tables = reading.lookups.of(section)
        for name in dict.fromkeys(each.endpoint for each in section.lookups):
            endpoint = self.mapping.endpoint(name)
            if endpoint.parent and (page := self._first_page(reading, endpoint)):
                reading.lookups.add(endpoint, page.records)
        reading.lookups.settle()
        return tables

    def _first_page(self, reading: Reading, endpoint: Endpoint) -> Page | None:
        """Return an endpoint's first page, of a child for the first of its parents that it can.

        None if there is nothing to ask for, or it is gone.
        """
        parents: list[Any] = [{}]
        if endpoint.parent is not None:
            above = self._first_page(reading, self.mapping.endpoint(endpoint.parent))
            parents = above.records if above else []
        parent = next((each for each in parents if may_be_asked(endpoint, each)), None)
        if parent is None or (page := next(reading.pages(endpoint, parent), None)) is None:
            return None
        return replace(page, records=in_context(self.mapping, endpoint, page, parent))

    def _reading(self, state: Mapping[str, Any]) -> Reading:
        session = ApiSession(self.mapping.api, self.retry_policy, self.sleep)
        return Reading(self.mapping, session, state)


def _found(page: Page | None, has_asked: bool) -> str:
    """Say what a check found on an endpoint's first page; a child's may be gone."""
    if page is not None:
        return f"{len(page.records):,} records"
    return "not there for the first record, 404 or 410" if has_asked else "nothing to ask for"

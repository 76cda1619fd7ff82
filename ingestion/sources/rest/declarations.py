"""What is declared of an API, as values: endpoints, pages, cursors, sections.

Pure data: `settings` makes it out of concord.toml, `reading` follows it. Each field is described
for users in docs/sources.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from ingestion.http import Api
from ingestion.mapping.declarations import Lookup
from ingestion.sources.mapped import DeclaredEntity


@dataclass(frozen=True)
class Paging:
    """How an endpoint's pages follow each other; the fields that a way does not use are empty."""

    type: str = "none"
    param: str | None = None
    body_path: str | None = None
    path: str = ""
    has_more: str | None = None
    end: str | None = None
    total: str | None = None
    first: int = 1
    size_param: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class Cursor:
    """Since when an endpoint is asked for records: the field that moves it, and what takes it.

    That is a parameter or a place in the body; `text` is what stands there around the time. A long
    history is read in pieces: by windows, of which `until` takes the end, or to any page if
    records are in the order of their times, at the latest after the `most_pages` that an API gives.
    """

    field: str
    param: str | None = None
    body_path: str | None = None
    text: str = "{since}"
    format: str = "iso"
    lag: timedelta = timedelta(hours=1)
    until: str | None = None
    window: timedelta | None = None
    is_ascending: bool = False
    most_pages: int | None = None

    @property
    def has_pieces(self) -> bool:
        return self.is_ascending or self.window is not None


@dataclass(frozen=True)
class Endpoint:
    """One address of an API, with the list of records that its answers hold.

    `parent` is the endpoint for each of whose records this one is asked.
    """

    name: str
    path: str
    method: str = "GET"
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    records: str = ""
    paging: Paging = Paging()
    cursor: Cursor | None = None
    parent: str | None = None

    @property
    def is_graph(self) -> bool:
        """Return whether it is asked in GraphQL, whose queries are texts."""
        return self.body is not None and isinstance(self.body.get("query"), str)


@dataclass(frozen=True)
class EndpointLookup(Lookup):
    """A lookup in the records of an endpoint, or in the elements of a list in them."""

    endpoint: str
    rows: str | None = None


@dataclass(frozen=True, kw_only=True)
class RestEntity(DeclaredEntity):
    """Which endpoint fills one entity; with `rows`, each element of a list in a record is a row.

    One that `overrides` may have keys of the sections before it.
    """

    endpoint: str
    rows: str | None = None
    overrides: bool = False

    @property
    def lookups(self) -> tuple[EndpointLookup, ...]:
        """Return the lookups of the columns, each once."""
        return tuple(each for each in self.mapping.lookups if isinstance(each, EndpointLookup))


@dataclass(frozen=True)
class RestMapping:
    """Everything about one API; `fingerprint` changes with its section, not with its secrets."""

    name: str
    api: Api
    fingerprint: str
    headers: Mapping[str, str]
    endpoints: tuple[Endpoint, ...]
    entities: tuple[RestEntity, ...]
    start_date: date | None = None

    def endpoint(self, name: str) -> Endpoint:
        """Return an endpoint by its name."""
        return next(each for each in self.endpoints if each.name == name)

    def with_least_pages(self) -> "RestMapping":
        """Return the same API, asked for one record a page where it is said how to."""
        endpoints = (
            replace(each, paging=replace(each.paging, size=each.paging.size and 1))
            for each in self.endpoints
        )
        return replace(self, endpoints=tuple(endpoints))

    def roots(self) -> list[Endpoint]:
        """Return the endpoints without a parent, first those of which a load may be a piece.

        All that is read anew comes after, so that one load alone has it.
        """
        roots = [each for each in self.endpoints if each.parent is None]
        return sorted(roots, key=lambda each: not (each.cursor and each.cursor.has_pieces))

    def root(self, endpoint: Endpoint) -> Endpoint:
        """Return the endpoint that begins an endpoint's line of parents."""
        while endpoint.parent:
            endpoint = self.endpoint(endpoint.parent)
        return endpoint

    def children(self, name: str) -> list[Endpoint]:
        """Return the endpoints that are asked for each record of one."""
        return [each for each in self.endpoints if each.parent == name]

    def sections_of(self, endpoint: str) -> list[RestEntity]:
        """Return what an endpoint fills."""
        return [each for each in self.entities if each.endpoint == endpoint]

    def lookups_in(self, endpoint: str) -> list[EndpointLookup]:
        """Return what is looked up in an endpoint's records."""
        found = (each for entity in self.entities for each in entity.lookups)
        return [each for each in dict.fromkeys(found) if each.endpoint == endpoint]

    def is_lookup_alone(self, endpoint: str) -> bool:
        """Return whether nothing is made of an endpoint's records but the tables of lookups."""
        is_used = self.sections_of(endpoint) or self.children(endpoint)
        return bool(self.lookups_in(endpoint) and not is_used)

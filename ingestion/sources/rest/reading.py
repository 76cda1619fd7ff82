"""One load of an API: its endpoints one after the other, children beside their parents' records.

A long history is read in pieces, and an endpoint in which columns are looked up before the others.
The new state comes with the last extract of each piece, so that what was cut short is done again
from where the one before it ended. How pages follow each other belongs to `pages`, what is asked
for to `spans`.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ingestion.http import ApiSession
from ingestion.mapping.objects import problem_of
from ingestion.sources.base import Extract, Reject
from ingestion.sources.mapped import MappedSection, nothing_of
from ingestion.sources.objects import ObjectRecords
from ingestion.sources.rest import slips
from ingestion.sources.rest.context import filled_path, in_context, may_be_asked, unasked
from ingestion.sources.rest.declarations import Endpoint, RestMapping
from ingestion.sources.rest.lookups import LookupTables
from ingestion.sources.rest.moments import is_pending, moment
from ingestion.sources.rest.pages import Page, Pages
from ingestion.sources.rest.spans import Span, span
from ingestion.sources.rest.state import State
from ingestion.sources.watermark import Watermark

BATCH_RECORDS = 5_000
# A piece ends after so many records or pages, where it may.
PIECE_RECORDS = 100_000
PIECE_PAGES = 5_000
# One record may be gone with its children, so many at once are not.
_NEVER_ALL_GONE = 10


@dataclass
class Read:
    """What was read of an endpoint in this load, and what waits to become extracts."""

    watermark: Watermark | None
    span: Span | None = None
    clock: datetime = field(default_factory=lambda: datetime.now(UTC))
    waiting: list[Any] = field(default_factory=list)
    unasked: list[Reject] = field(default_factory=list)
    asked: int = 0
    pages: int = 0
    received: int = 0
    repeated: int = 0


@dataclass
class Reading:
    """Reads the endpoints that are not read to their end yet, or a piece of one."""

    mapping: RestMapping
    session: ApiSession
    known: Mapping[str, Any]
    _begun: set[str] = field(default_factory=set, init=False)
    _records: int = field(default=0, init=False)
    _pages: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._state = State.of(self.known, self.mapping)
        self._going_on = frozenset(self._state.since)
        again = self._state.again
        self._read = {
            each.name: Read(
                Watermark(each.cursor.lag, frozenset(again.get(each.name, ())))
                if each.cursor
                else None
            )
            for each in self.mapping.endpoints
        }
        self.lookups = LookupTables(self.mapping, lambda endpoint: self.pages(endpoint, {}))
        self._sections = {
            (each.section, each.table.name): (
                MappedSection(
                    each.section, each.mapping, self.lookups.tables, each.overrides, each.removes
                ),
                ObjectRecords(each.mapping.needed, each.rows),
            )
            for each in self.mapping.entities
        }

    def extracts(self) -> Iterator[Extract]:
        """Yield what there is since the state, or a piece of it, and the new state last."""
        for entity in self.mapping.entities:
            self.lookups.of(entity)
        has_more = yield from self._roots()
        for endpoint in self.mapping.endpoints:
            if self.mapping.root(endpoint).name in self._begun:
                yield from self._flush(endpoint)
        self._require_found()
        for section, _ in self._sections.values():
            yield from section.finish()
        yield from self._whole()
        self._note(has_more)
        last = self.mapping.entities[-1]
        end = nothing_of(last.table, last.section, True, self._state.written(self.mapping))
        yield replace(end, has_more=has_more)

    def _roots(self) -> Generator[Extract, None, bool]:
        """Read one endpoint after the other; return whether there is more than this piece has."""
        for endpoint in self.mapping.roots():
            is_lookup_alone = self.mapping.is_lookup_alone(endpoint.name)
            if not is_lookup_alone and endpoint.name not in self._state.ended:
                self._begun.add(endpoint.name)
                if (yield from self._root(endpoint)):
                    return True
                self._state.ended.add(endpoint.name)
        return False

    def _root(self, endpoint: Endpoint) -> Generator[Extract, None, bool]:
        """Read an endpoint, window by window; return whether there is more than this piece has."""
        read = self._read[endpoint.name]
        while True:
            is_cut = yield from self._endpoint(endpoint, {})
            if read.span is None or read.watermark is None:
                return False
            until = read.span.read_until(read.watermark.newest, read.clock)
            has_moved = self._state.move(endpoint.name, until)
            if is_cut or not (read.span.has_next and has_moved):
                return is_cut
            if self._is_full():
                return True

    def _note(self, has_more: bool) -> None:
        """Note what the next load, or piece, has to know."""
        for name, read in self._read.items():
            root = self.mapping.root(self.mapping.endpoint(name))
            if root.cursor and read.received:
                self._state.met.add(name)
            if read.watermark and name in self._begun:
                self._state.again[name] = read.watermark.digests()
        if not has_more:
            self._state.ended.clear()

    def _is_full(self) -> bool:
        return self._records >= PIECE_RECORDS or self._pages >= PIECE_PAGES

    def _endpoint(
        self, endpoint: Endpoint, parent: Mapping[str, Any]
    ) -> Generator[Extract, None, bool]:
        """Read an endpoint, and for each of its records its children.

        Return whether the piece ends before its last page.
        """
        read = self._read[endpoint.name]
        for page in self.pages(endpoint, parent):
            self._pages += 1
            read.pages += 1
            self._records += len(page.records)
            records = in_context(self.mapping, endpoint, self._news(endpoint, page), parent)
            read.waiting += records
            read.received += len(records)
            if endpoint.parent:
                self.lookups.add(endpoint, records)
            if len(read.waiting) >= BATCH_RECORDS:
                yield from self._flush_waiting()
            for child in self.mapping.children(endpoint.name):
                for record in records:
                    yield from self._child(child, record)
            if self._may_end(read) and not page.is_last:
                return True
        return False

    def _child(self, endpoint: Endpoint, parent: Any) -> Iterator[Extract]:
        """Read an endpoint for a record of its parent, or keep in mind that this can't be done."""
        if may_be_asked(endpoint, parent):
            yield from self._endpoint(endpoint, parent)
        else:
            self._read[endpoint.name].unasked.append(unasked(endpoint, parent))

    def _may_end(self, read: Read) -> bool:
        """Return whether a piece may end after a page."""
        if read.span is None or read.watermark is None:
            return False
        most = read.span.cursor.most_pages
        is_last = most is not None and read.pages >= most
        return (is_last or self._is_full()) and read.span.may_break(read.watermark.newest)

    def pages(self, endpoint: Endpoint, parent: Mapping[str, Any]) -> Iterator[Page]:
        """Yield an endpoint's pages, for a record of its parent if it has one."""
        if endpoint.name in self.lookups.held:
            yield from self.lookups.held[endpoint.name]
            return
        read = self._read[endpoint.name]
        if endpoint.cursor:
            known = self._state.since.get(endpoint.name)
            read.span = span(endpoint.cursor, known, self.mapping.start_date)
        path = filled_path(endpoint, parent)
        if path is not None:
            read.asked += 1
            yield from Pages(self.mapping, self.session).of(endpoint, path, read.span)

    def _news(self, endpoint: Endpoint, page: Page) -> Page:
        """Return a page without the records that the load before has read."""
        read, cursor = self._read[endpoint.name], endpoint.cursor
        if cursor is None or read.watermark is None:
            return page
        timed = ((record, moment(cursor, record)) for record in page.records)
        records = read.watermark.news(timed, page.answered_at)
        read.clock = page.answered_at
        read.repeated += len(page.records) - len(records)
        is_right = read.watermark.newest is not None or endpoint.name in self._state.met
        is_right = is_right or any(is_pending(cursor, each) for each in page.records)
        if page.records and not is_right:
            raise slips.without_times(self.mapping.name, endpoint, cursor)
        if cursor.is_ascending and not read.watermark.is_ascending:
            raise slips.out_of_order(self.mapping.name, endpoint, cursor)
        return replace(page, records=records)

    def _flush_waiting(self) -> Iterator[Extract]:
        """Yield what waits of all endpoints, in their order: the last row of a key counts."""
        for endpoint in self.mapping.endpoints:
            if self._read[endpoint.name].waiting:
                yield from self._flush(endpoint)

    def _flush(self, endpoint: Endpoint) -> Iterator[Extract]:
        """Yield what waits of an endpoint, for each of its sections."""
        self.lookups.settle()
        read = self._read[endpoint.name]
        objects, read.waiting = read.waiting, []
        repeated, read.repeated = read.repeated, 0
        rejects, read.unasked = tuple(read.unasked), []
        is_append = self.mapping.root(endpoint).name in self._going_on
        problems = list(map(problem_of, objects))
        for entity in self.mapping.sections_of(endpoint.name):
            section, records = self._sections[entity.section, entity.table.name]
            extract = section.extract(entity.section, records.of(objects, problems), is_append)
            yield replace(
                extract,
                rejects=extract.rejects + rejects,
                received=extract.received + repeated + len(rejects),
                folded=extract.folded + repeated,
            )

    def _require_found(self) -> None:
        """Raise a MappingFault where a path leads to nothing, or no first record has a field."""
        for endpoint in self.mapping.endpoints:
            parent, read = endpoint.parent, self._read[endpoint.name]
            if parent and self._comes_first(parent) and not read.asked:
                raise slips.without_parents(self.mapping.name, endpoint)
            is_lost = read.asked >= _NEVER_ALL_GONE and not read.pages
            if parent and is_lost and endpoint.name not in self._state.met:
                raise slips.without_answers(self.mapping.name, endpoint, read.asked)
            if not self._comes_first(endpoint.name):
                continue
            for entity in self.mapping.sections_of(endpoint.name):
                if missing := self._sections[entity.section, entity.table.name][1].missing():
                    raise slips.without_fields(self.mapping.name, endpoint, missing)

    def has_asked(self, endpoint: Endpoint) -> bool:
        """Return whether an endpoint was asked for anything, found or not."""
        return self._read[endpoint.name].asked > 0

    def _comes_first(self, endpoint: str) -> bool:
        """Return whether an endpoint's records came, and never before: one bad one is no slip."""
        return bool(self._read[endpoint].received) and endpoint not in self._state.met

    def _whole(self) -> Iterator[Extract]:
        """Say of which sections the load brings all rows; an empty answer never empties a table."""
        for entity in self.mapping.entities:
            if entity.is_complete and self._read[entity.endpoint].received:
                end = nothing_of(entity.table, entity.section, is_append=False)
                yield replace(end, section=entity.section, is_whole=True)

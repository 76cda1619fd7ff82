"""The pages of one endpoint: what each answer holds, and when a server is left.

How pages follow each other belongs to `paginators`; what records mean does not belong here.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

import requests
from dlt.sources.helpers.rest_client.paginators import BasePaginator

from ingestion.errors import MappingFault, SourceAnswerBroken, SourceRefused
from ingestion.http import Answer, ApiSession
from ingestion.sources.rest.declarations import Endpoint, RestMapping
from ingestion.sources.rest.endpoints import place
from ingestion.sources.rest.paginators import paginator_of
from ingestion.sources.rest.spans import Span

# So many empty pages one after the other are no gap in a list, but no end of one.
MOST_EMPTY = 20
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Page:
    """The records of one page, and when the server gave them."""

    records: list[Any]
    answered_at: datetime
    is_last: bool


@dataclass
class Pages:
    """Reads the pages of an API's endpoints."""

    mapping: RestMapping
    session: ApiSession
    _seen: set[bytes] = field(default_factory=set, init=False)

    def of(self, endpoint: Endpoint, path: str, span: Span | None) -> Iterator[Page]:
        """Yield the pages at an endpoint's path, filled in, of what changed in a span of time."""
        request = self._request(endpoint, path, span)
        paginator = paginator_of(endpoint.paging)
        paginator.init_request(request)
        self._seen.clear()
        empty, before = 0, b""
        while True:
            self._require_new(endpoint, request)
            answer = self._answer(endpoint, request)
            if answer is None:
                return
            records = self._records(endpoint, answer)
            self._turn(endpoint, paginator, answer, records, request)
            now = blake2b(answer.response.content).digest()
            if records and now == before:
                raise self._broken(endpoint, "it gives the same page again")
            empty, before = (0 if records else empty + 1), now
            yield Page(records, answer.answered_at, not paginator.has_next_page)
            if not paginator.has_next_page:
                return
            if empty > MOST_EMPTY:
                raise self._broken(endpoint, f"{empty} pages one after the other are empty")
            request.url = self.session.own(request.url)

    def _request(self, endpoint: Endpoint, path: str, span: Span | None) -> requests.Request:
        request = requests.Request(
            endpoint.method,
            self.mapping.api.base_url.rstrip("/") + path,
            headers=dict(self.mapping.headers),
            params={**endpoint.params, **(span.params if span else {})},
            json=copy.deepcopy(endpoint.body),
        )
        if span and span.cursor.body_path and span.text:
            request.json = request.json or {}
            place(request.json, span.cursor.body_path, span.text)
        return request

    def _answer(self, endpoint: Endpoint, request: requests.Request) -> Answer | None:
        """Return the answer to a request; what a parent had may be gone meanwhile."""
        return self.session.seek(request) if endpoint.parent else self.session.send(request)

    def _require_new(self, endpoint: Endpoint, request: requests.Request) -> None:
        asked = repr((request.url, request.params, request.json)).encode()
        digest = blake2b(asked, digest_size=16).digest()
        if digest in self._seen:
            raise self._broken(endpoint, "its pages lead round in a circle")
        self._seen.add(digest)

    def _records(self, endpoint: Endpoint, answer: Answer) -> list[Any]:
        """Return the records of an answer; a single object where the list is expected is one."""
        found = answer.body
        errors = found.get("errors") if isinstance(found, dict) else None
        # what a graph refuses to give is empty in its data, and would be taken for no value
        if errors and (endpoint.is_graph or not found.get("data")):
            raise self._refused(endpoint, errors, answer)
        for name in endpoint.records.split(".") if endpoint.records else ():
            if not isinstance(found, dict) or name not in found:
                problem = f"{endpoint.path} gives no list {endpoint.records!r}"
                raise MappingFault(self.mapping.name, problem, "Correct `records`")
            found = found[name]
        if found is None:
            return []
        if isinstance(found, dict):
            return [found]
        if not isinstance(found, list):
            problem = f"{endpoint.records or 'the answer'} of {endpoint.path} is no list"
            raise MappingFault(self.mapping.name, problem, "Correct `records`")
        return found

    def _refused(self, endpoint: Endpoint, errors: Any, answer: Answer) -> SourceRefused:
        said = self.session.refusals.without_secrets(str(errors), answer.response.request)
        problem = f"{endpoint.path} answered with errors: {said[:LONGEST_WORDS]}"
        remedy = "Correct the endpoint's body, or give the credentials the right to read all of it."
        return SourceRefused(self.mapping.name, problem, remedy)

    def _turn(
        self,
        endpoint: Endpoint,
        paginator: BasePaginator,
        answer: Answer,
        records: list[Any],
        request: requests.Request,
    ) -> None:
        """Let the paginator look at an answer, and turn the request to the next page."""
        try:
            paginator.update_state(answer.response, records)
            if paginator.has_next_page:
                paginator.update_request(request)
        except ValueError:
            # not from it: its words quote the answer
            problem = "it lacks what its `pages` name, or has something else there"
            raise self._broken(endpoint, problem) from None

    def _broken(self, endpoint: Endpoint, why: str) -> SourceAnswerBroken:
        problem = f"{endpoint.path} can't be read to its end: {why}"
        return SourceAnswerBroken(self.mapping.name, problem, "Check `pages` of the endpoint.")

"""The one HTTP client of every live source.

Here belong time-outs, repeated attempts, rate limits and paging by Link header: what any API
needs. What a path means and which fields an answer has belong to the source's own client.
Only what reads is asked, so that every call may be repeated. Secrets go where the API wants them
and nowhere else: not into errors, not into logs.
"""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import tenacity
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError as BrokenBody

from ingestion.deadlines import Worker
from ingestion.errors import SourceError
from ingestion.refusals import MEGABYTE, Refusals
from ingestion.retries import (
    Busy,
    RetryPolicy,
    TransientError,
    Wait,
    is_throttled,
    requested_wait,
    server_clock,
)

CHUNK_BYTES = 65_536
USER_AGENT = "concord-scorecard"
GONE = (404, 410)
TRY_AGAIN_LATER = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Answer:
    """The answer to a call: the parsed body, the next page's URL and the server's own clock.

    `response` is for libraries that look at it themselves; its body can be read once more.
    """

    body: Any
    next_url: str | None
    answered_at: datetime
    response: requests.Response


class Bearer(AuthBase):
    """Set a token, or none: with `auth` set, requests never looks into a .netrc file."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True)
class Api:
    """Which source reads which API, how it signs in, and how much it asks for.

    `secrets` are left out of what the server says, and so is what the header `signed_by` holds.
    `pause` is between two calls, in seconds; `busy` tells refusals that pass from those that last.
    """

    source: str
    base_url: str
    auth: AuthBase = field(default=Bearer(None), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    answer_megabytes: int = 32
    pause: float = 0
    signed_by: str = "Authorization"
    busy: Busy | None = None


class ParsedResponse(requests.Response):
    """A response whose JSON is parsed: paginators ask for it, some twice."""

    def __init__(self, response: requests.Response, parsed: Any) -> None:
        super().__init__()
        self.__dict__ |= vars(response)
        self._parsed = parsed

    def json(self, **_: Any) -> Any:
        """Return what the body holds, with its numbers' digits."""
        return self._parsed


class ApiSession:
    """One connection to one API."""

    def __init__(
        self,
        api: Api,
        retry_policy: RetryPolicy | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.refusals = Refusals(api.source, api.secrets, api.answer_megabytes, api.signed_by)
        self._base = api.base_url.rstrip("/")
        self._most_bytes = api.answer_megabytes * MEGABYTE
        self._pause = api.pause
        self._busy = api.busy
        self._free_at = 0.0
        self._retry_policy = retry_policy or RetryPolicy()
        self._sleep = sleep
        self._auth = api.auth
        self._worker = Worker()
        self._session = self._new_session()

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
        session.auth = self._auth
        # Proxies and certificates of the environment: to look for them is a third of a call.
        found = session.merge_environment_settings(self._base, {}, None, None, None)
        session.proxies, session.verify = found["proxies"], found["verify"]
        session.trust_env = False
        return session

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Return the answer at `path`; raise a SourceError if there is none."""
        return self.send(requests.Request("GET", self._base + path, params=params))

    def find(self, path: str, params: Mapping[str, Any] | None = None) -> Answer | None:
        """Return the answer at `path`, or None where the server says there is none."""
        return self.seek(requests.Request("GET", self._base + path, params=params))

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
        """Yield page after page; only a missing `rel="next"` is the end, not a short page."""
        url: str | None = self._base + path
        visited: set[str] = set()
        while url is not None:
            if url in visited:
                raise self.refusals.broken(url, "its pages lead round in a circle")
            visited.add(url)
            answer = self.send(requests.Request("GET", url, params=params))
            if not isinstance(answer.body, list):
                raise self.refusals.broken(url, "a list was expected")
            yield answer.body
            url, params = answer.next_url and self.own(answer.next_url), None

    def send(self, request: requests.Request) -> Answer:
        """Return the answer to a request that only reads; raise a SourceError if there is none."""
        answer = self._ask(request, may_be_gone=False)
        assert answer is not None
        return answer

    def seek(self, request: requests.Request) -> Answer | None:
        """Return the answer to such a request, or None where the server says there is none."""
        return self._ask(request, may_be_gone=True)

    def broken(self, path: str, why: str) -> SourceError:
        """Return the error to raise when the answer at `path` isn't what it should be."""
        return self.refusals.broken(self._base + path, why)

    def _ask(self, request: requests.Request, may_be_gone: bool) -> Answer | None:
        policy = self._retry_policy
        ends_at = time.monotonic() + policy.deadline
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            wait=Wait(policy),
            stop=tenacity.stop_after_attempt(policy.attempts)
            | tenacity.stop_before_delay(policy.deadline),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return attempts(self._attempt, request, may_be_gone, ends_at)
        except TransientError as last:
            # `from None`: the library's own message may quote headers or the query.
            raise last.fault from None

    def _attempt(
        self, request: requests.Request, may_be_gone: bool, ends_at: float
    ) -> Answer | None:
        url = request.url
        self._wait_for_turn()
        try:
            response, body = self._worker.within(ends_at, lambda: self._call(request, ends_at))
        except TimeoutError:
            self._session = self._new_session()
            raise TransientError(self.refusals.unreachable(url, "answers too slowly")) from None
        except requests.Timeout:
            raise TransientError(self.refusals.unreachable(url, "did not answer in time")) from None
        except requests.exceptions.InvalidURL:
            raise self.refusals.unreachable(url, "has an address that can't be used") from None
        except (requests.RequestException, BrokenBody):
            raise TransientError(self.refusals.unreachable(url, "broke the connection")) from None
        return self._judge(url, response, body, may_be_gone)

    def _call(self, request: requests.Request, ends_at: float) -> tuple[requests.Response, bytes]:
        with self._session.request(
            request.method,
            request.url,
            params=request.params,
            json=request.json,
            data=request.data,
            headers=request.headers,
            timeout=(self._retry_policy.connect, self._retry_policy.read),
            stream=True,
            allow_redirects=False,
        ) as response:
            return response, self._read(response, ends_at)

    def _wait_for_turn(self) -> None:
        if (wait := self._free_at - time.monotonic()) > 0:
            self._sleep(wait)
        self._free_at = time.monotonic() + self._pause

    def _read(self, response: requests.Response, ends_at: float) -> bytes:
        """Read the body piecewise, unpacked, up to the limit.

        A server that drips never runs into the read time-out, and a few packed bytes may be
        gigabytes.
        """
        body = bytearray()
        while piece := response.raw.read1(CHUNK_BYTES, decode_content=True):
            if time.monotonic() > ends_at:
                raise TransientError(self.refusals.unreachable(response.url, "answers too slowly"))
            body += piece
            if len(body) > self._most_bytes:
                raise self.refusals.too_large(response)
        return bytes(body)

    def _judge(
        self, url: str, response: requests.Response, body: bytes, may_be_gone: bool
    ) -> Answer | None:
        status = response.status_code
        if status in TRY_AGAIN_LATER:
            raise TransientError(self.refusals.refusal(response, body), requested_wait(response))
        if status in GONE and may_be_gone:
            return None
        if not 200 <= status < 300:
            if self._busy and self._busy.is_said(body):
                wait = requested_wait(response) or self._busy.wait
                raise TransientError(self.refusals.throttled(url), wait)
            raise self.refusals.refusal(response, body)
        try:
            parsed = json.loads(body, parse_float=Decimal)
        except (ValueError, ArithmeticError, RecursionError):
            raise TransientError(self.refusals.broken(url, "it is cut off or no JSON")) from None
        if is_throttled(parsed):
            raise TransientError(self.refusals.throttled(url), requested_wait(response))
        response.raw = io.BytesIO(body)
        link = response.links.get("next", {}).get("url")
        return Answer(
            parsed,
            link and urljoin(url, link),
            server_clock(response),
            ParsedResponse(response, parsed),
        )

    def own(self, url: str) -> str:
        """Return a next page's URL on our own scheme, host and port, or refuse it.

        A proxy may make the server name itself by `http:` or another port; another host would
        be handed our token.
        """
        ours, theirs = urlsplit(self._base), urlsplit(url)
        if theirs.hostname != ours.hostname:
            raise self.refusals.broken(url, "its next page lies on another server")
        return theirs._replace(scheme=ours.scheme, netloc=ours.netloc).geturl()

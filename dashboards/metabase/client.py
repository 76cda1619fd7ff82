"""The one door to Metabase: `metabase-api`'s raw verbs with time-outs, retries and exceptions.

What a path means belongs to the modules that call. GET and PUT may be repeated after a failure
that passes, since a second one changes nothing; POST may not, and the next run sees whether it
had come through.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
import tenacity
from metabase_api import Metabase_API
from requests.auth import AuthBase

from dashboards.metabase.errors import (
    AnswerBroken,
    MetabaseError,
    Missing,
    NotAllowed,
    NotSignedIn,
    Outdated,
    Refused,
    ServerFailed,
    Unreachable,
)

Json = dict[str, Any]
PASSING = (429, 502, 503, 504)
REPEATABLE = frozenset({"get", "put"})
_MOST_WORDS = 300


@dataclass(frozen=True)
class RetryPolicy:
    """How long one call may take, in seconds, and how often it is tried."""

    connect: float = 10
    read: float = 120
    attempts: int = 3
    first_wait: float = 1
    longest_wait: float = 30


class _Verbs(Metabase_API):
    """The library's raw verbs alone: its constructor and its sign-in call without a time-out."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.email = None  # with one, the library asks who it is before each call
        self.header: dict[str, str] = {}
        self.auth = _NoNetrc()


class _NoNetrc(AuthBase):
    """Add nothing: without any `auth`, requests would look into a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Passing(Exception):
    """An attempt failed in a way that may succeed at another attempt."""

    def __init__(self, fault: MetabaseError) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Client:
    """One connection to one Metabase, signed in or not."""

    def __init__(
        self,
        url: str,
        retry_policy: RetryPolicy | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url.rstrip("/")
        self._verbs = _Verbs(self.url)
        self._retry_policy = retry_policy or RetryPolicy()
        self._sleep = sleep
        self._secrets: tuple[str, ...] = ()

    def use_api_key(self, key: str) -> None:
        """Sign every call with an API key."""
        self._verbs.header = {"X-API-KEY": key}
        self.hide(key)

    def use_session(self, session: str) -> None:
        """Sign every call with a session."""
        self._verbs.header = {"X-Metabase-Session": session}
        self.hide(session)

    def hide(self, *secrets: str | None) -> None:
        """Keep these texts out of every error, should the server repeat them."""
        self._secrets += tuple(secret for secret in secrets if secret)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Return what is at `path`; raise a MetabaseError if it can't be had."""
        return self._call("get", path + (f"?{urlencode(params)}" if params else ""), None)

    def find(self, path: str) -> Any | None:
        """Return what is at `path`, or None where the server says there is none."""
        try:
            return self.get(path)
        except Missing:
            return None

    def post(self, path: str, body: Json) -> Any:
        """Create; return the server's answer."""
        return self._call("post", path, body)

    def put(self, path: str, body: Json) -> Any:
        """Change; return the server's answer."""
        return self._call("put", path, body)

    def _call(self, verb: str, path: str, body: Json | None) -> Any:
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Passing),
            wait=tenacity.wait_exponential_jitter(
                multiplier=self._retry_policy.first_wait, max=self._retry_policy.longest_wait
            ),
            stop=tenacity.stop_after_attempt(
                self._retry_policy.attempts if verb in REPEATABLE else 1
            ),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return attempts(self._attempt, verb, path, body)
        except _Passing as last:
            # `from None`: the library's own message may quote headers.
            raise last.fault from None

    def _attempt(self, verb: str, path: str, body: Json | None) -> Any:
        call = f"{verb.upper()} {path.partition('?')[0]}"
        try:
            response = getattr(self._verbs, verb)(
                path,
                "raw",
                timeout=(self._retry_policy.connect, self._retry_policy.read),
                allow_redirects=False,  # the key would go along to wherever it leads
                **({} if body is None else {"json": body}),
            )
        except requests.exceptions.InvalidURL:
            raise self._unreachable(call, "the address can't be used") from None
        except requests.Timeout:
            raise _Passing(self._unreachable(call, "no answer in time")) from None
        except requests.RequestException:
            raise _Passing(self._unreachable(call, "the connection failed")) from None
        return self._judge(call, response)

    def _judge(self, call: str, response: requests.Response) -> Any:
        status, words = response.status_code, self._words(response)
        if status in PASSING:
            raise _Passing(ServerFailed(f"{call}: Metabase answered {status}{words}. Try later."))
        if 200 <= status < 300:
            return self._parsed(call, response)
        if 300 <= status < 400:
            place = urlsplit(response.headers.get("Location", ""))
            raise Refused(
                f"{call}: Metabase sends elsewhere, to {place.scheme}://{place.hostname}."
                " Set metabase.url to where it really is.",
                status,
            )
        raise self._fault(call, status, words)

    def _fault(self, call: str, status: int, words: str) -> MetabaseError:
        said = f"{call}: Metabase answered {status}{words}."
        if status == 401:
            return NotSignedIn(f"{said} Give valid credentials; see docs/metabase.md.")
        if status in (402, 403):
            return NotAllowed(
                f"{said} The API key or account must belong to the group Administrators."
            )
        if status == 404:
            return Missing(said, status)
        if status == 409:
            return Outdated(f"{said} Somebody changed it meanwhile; run again.", status)
        if status >= 500:
            return ServerFailed(f"{said} Look into Metabase's own log.")
        return Refused(said, status)

    def _parsed(self, call: str, response: requests.Response) -> Any:
        if not response.content:
            return None
        try:
            return json.loads(response.content)
        except ValueError:
            fault = AnswerBroken(
                f"{call}: the answer is cut off or no JSON. Check that metabase.url is a Metabase."
            )
            raise _Passing(fault) from None

    def _words(self, response: requests.Response) -> str:
        """Return the server's own explanation, without a secret should it repeat one."""
        text = response.text.strip()
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = text if not text.startswith("<") else ""
        if isinstance(parsed, dict):
            parsed = parsed.get("errors") or parsed.get("message") or parsed.get("error") or ""
        said = parsed if isinstance(parsed, str) else json.dumps(parsed, ensure_ascii=False)
        for secret in self._secrets:
            said = said.replace(secret, "***")
        return f": {said[:_MOST_WORDS]}" if said else ""

    def _unreachable(self, call: str, what: str) -> Unreachable:
        parts = urlsplit(self.url)
        place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return Unreachable(
            f"{call}: {place}: {what}. Check metabase.url, and that Metabase is running."
        )

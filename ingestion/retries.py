"""When to retry: how long and how often one call is tried, and what servers say about it.

Here belong waits, and the headers and codes that set them. Making the call belongs to
ingestion.http.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import tenacity

from ingestion.errors import SourceError

# By this code a GraphQL server says what others say by the status 429.
THROTTLED = "THROTTLED"


@dataclass(frozen=True)
class RetryPolicy:
    """How long one call may take, in seconds, and how often it is tried."""

    connect: float = 10
    read: float = 60
    attempts: int = 6
    first_wait: float = 1
    longest_wait: float = 60
    deadline: float = 900


@dataclass(frozen=True)
class Busy:
    """What in a refusal says that a server is asked too much, where its status does not.

    `path` is the place of one of the `codes` in the answer; `wait` is for how many seconds to leave
    the server alone if it does not say it.
    """

    path: str
    codes: frozenset[str]
    wait: float

    def is_said(self, body: bytes) -> bool:
        """Return whether the body of a refusal says so."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return False
        for name in self.path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found is not None and str(found) in self.codes


class TransientError(Exception):
    """An attempt failed and the next one may succeed; `fault` is raised after the last one."""

    def __init__(self, fault: SourceError, wait: float | None = None) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.wait = wait


class Wait(tenacity.wait.wait_base):
    """Wait as long as the server asked, else exponentially longer, with jitter."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._backoff = tenacity.wait_exponential_jitter(
            multiplier=policy.first_wait, max=policy.longest_wait, jitter=policy.first_wait
        )
        self._jitter = tenacity.wait_random(0, policy.first_wait)

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        last = retry_state.outcome and retry_state.outcome.exception()
        if isinstance(last, TransientError) and last.wait is not None:
            return last.wait + self._jitter(retry_state)
        return self._backoff(retry_state)


def is_throttled(body: Any) -> bool:
    """Return whether an answer of a GraphQL server says that it is asked too much for now."""
    errors = body.get("errors") if isinstance(body, dict) else None
    found = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    extensions = (each.get("extensions") for each in found)
    return any(isinstance(each, dict) and each.get("code") == THROTTLED for each in extensions)


def server_clock(response: requests.Response) -> datetime:
    """Return the server's time, or ours if it doesn't say."""
    return _moment(response.headers.get("Date")) or datetime.now(UTC)


def requested_wait(response: requests.Response) -> float | None:
    """Return the seconds that the server wants us to wait, by its own clock."""
    retry_after = response.headers.get("Retry-After", "").strip()
    if retry_after.isdecimal():
        return float(retry_after)
    until = _moment(retry_after)
    if until is None and response.status_code == requests.codes.too_many_requests:
        until = _moment(response.headers.get("X-RateLimit-Reset"))
    if until is None:
        return None
    return max((until - server_clock(response)).total_seconds(), 0.0)


def _moment(text: str | None) -> datetime | None:
    """Return the time that a header names as Unix seconds, ISO 8601 or HTTP date, else None."""
    for read in (_from_unix, datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read((text or "").strip())
        except (ValueError, TypeError, OverflowError, OSError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _from_unix(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)

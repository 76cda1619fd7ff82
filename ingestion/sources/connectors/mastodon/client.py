"""Mastodon's endpoints by name: which path, which query, which page size.

The README lists them all. What becomes of an answer is not decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ingestion.http import Answer, ApiSession

Json = Any


@dataclass(frozen=True)
class Thread:
    """The statuses above and below one status."""

    ancestors: list[Json]
    descendants: list[Json]


class MastodonClient:
    """The six questions that the source asks of a server."""

    def __init__(self, session: ApiSession, page_size: int) -> None:
        self._session = session
        self._page = {"limit": page_size}

    def lookup(self, handle: str) -> Answer | None:
        """Return the account with `handle`, or None if the server has none."""
        return self._session.find("/api/v1/accounts/lookup", {"acct": handle})

    def token_owner(self) -> Answer:
        """Return the account to which the token belongs."""
        return self._session.get("/api/v1/accounts/verify_credentials")

    def statuses(self, account_id: str) -> Iterator[list[Json]]:
        """Yield pages of what an account posted, newest first."""
        return self._session.pages(f"/api/v1/accounts/{_part(account_id)}/statuses", self._page)

    def mentions(self) -> Iterator[list[Json]]:
        """Yield pages of notifications that somebody mentioned the token's owner, newest first."""
        return self._session.pages("/api/v1/notifications", {"types[]": "mention", **self._page})

    def tagged(self, hashtag: str) -> Iterator[list[Json]]:
        """Yield pages of public statuses with a hashtag, newest first."""
        return self._session.pages(f"/api/v1/timelines/tag/{_part(hashtag)}", self._page)

    def context(self, status_id: str) -> Thread:
        """Return the statuses above and below one; none if it was deleted meanwhile."""
        path = f"/api/v1/statuses/{_part(status_id)}/context"
        answer = self._session.find(path)
        if answer is None:
            return Thread([], [])
        match answer.body:
            case {"ancestors": list(above), "descendants": list(below)}:
                return Thread(above, below)
        raise self._session.broken(path, "ancestors and descendants were expected")


def _part(text: str) -> str:
    return quote(text, safe="")

"""One reading of a server: which streams, how far back, and what was seen already.

Only the last extract carries the new state, so that a reading that was cut short is done again
from where the one before it ended. Paths belong to client.py, fields to rows.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.sources.base import (
    Emptied,
    Extract,
    Leaving,
    Reject,
    arrow_schema,
    key_schema,
)
from ingestion.sources.connectors.mastodon.client import MastodonClient
from ingestion.sources.connectors.mastodon.config import BrandAccount, Config
from ingestion.sources.connectors.mastodon.rows import (
    ACCOUNTS,
    AUDIENCE,
    MESSAGES,
    Brands,
    Row,
    Unread,
    UnusableError,
    audience_snapshot,
    message,
    moment,
    social_account,
)

BATCH_ROWS = 5_000


@dataclass(frozen=True)
class FoundAccount:
    """A brand account as the server knows it."""

    account: BrandAccount
    account_id: str
    body: Mapping[str, Any]
    read_at: datetime
    client: MastodonClient
    owns_token: bool


@dataclass
class Batch:
    """Rows of one entity from one file, gathered for an extract."""

    entity: Entity
    file: str
    is_append: bool = False
    rows: list[Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    folded: int = 0
    emptied: list[Emptied] = field(default_factory=list)

    def flush(self, state: Mapping[str, Any] | None = None) -> Extract:
        """Return what was gathered and start over; what follows of the file is appended."""
        received = len(self.rows) + len(self.rejects) + self.folded
        extract = Extract(
            self.entity,
            self.file,
            pa.Table.from_pylist(self.rows, schema=arrow_schema(self.entity)),
            tuple(self.rejects),
            received,
            state,
            self.folded,
            self.is_append,
            emptied=tuple(self.emptied),
        )
        self.rows, self.rejects, self.folded, self.is_append = [], [], 0, True
        self.emptied = []
        return extract


class Reading:
    """Reads all streams of the found brand accounts once."""

    def __init__(
        self, config: Config, accounts: list[FoundAccount], state: Mapping[str, Any]
    ) -> None:
        self._config = config
        self._accounts = accounts
        self._brands = brands_of(config, accounts)
        self._start = config.start.isoformat() if config.start else None
        # An earlier start date than last time means that older statuses are wanted now.
        same_start = state.get("start") == self._start
        known = state if same_start else {}
        self._goes_on = bool(known)
        self._newest: dict[str, str] = dict(known.get("newest", {}))
        # Of the lists that are complete, the late items and their times at the last reading.
        self._listed: dict[str, dict[str, str]] = dict(known.get("listed", {}))
        self._quarantined = frozenset(known.get("rejected", []))
        self._rejected: set[str] = set()
        self._seen: set[str] = set()
        self._authors: dict[str, Row] = {}
        self._unread_of_authors: list[Emptied] = []
        self._by_brand: dict[str, list[Row]] = {}

    def extracts(self) -> Iterator[Extract]:
        """Yield everything since the state, the accounts and the new state last."""
        for found in self._accounts:
            self._note_author(found.body)
            yield self._audience(found)
            for file, pages, status_of in streams(found):
                yield from self._stream(found, file, pages, status_of)
        for found in self._accounts:
            yield from self._threads(found)
        authors = Batch(ACCOUNTS, "accounts", rows=list(self._authors.values()))
        authors.emptied = self._unread_of_authors
        yield authors.flush(self._state())

    def _state(self) -> dict[str, Any]:
        """Return times as ISO 8601, and digests of what the next reading may fail to read again."""
        rejected = sorted(self._rejected)
        return {
            "start": self._start,
            "newest": self._newest,
            "listed": self._listed,
            "rejected": rejected,
        }

    def _stream(
        self,
        found: FoundAccount,
        file: str,
        pages: Iterable[list[Any]],
        status_of: Callable[[Any], Any],
    ) -> Iterator[Extract]:
        """Read back until a whole page lies before the bound: one old item may be out of order."""
        bound = self._bound(file)
        batch = Batch(MESSAGES, file, is_append=self._goes_on)
        listed: dict[str, str] = {}
        newest = moment(self._newest.get(file))
        for page in pages:
            moments = [at for at in map(_created_at, page) if at is not None]
            newest = max([*moments, newest] if newest else moments, default=None)
            listed |= {str(item["id"]): item["created_at"] for item in page if _is_listed(item)}
            for item in page:
                self._take(batch, status_of(item), found.account)
            if len(batch.rows) >= BATCH_ROWS:
                yield batch.flush()
            if bound and moments and max(moments) < bound:
                break
        if newest:
            # A time in the future would make the next reading miss what lies before it.
            self._newest[file] = min(newest, found.read_at).isoformat()
        last = batch.flush()
        if file == _own_statuses(found):
            last = replace(last, leaving=self._gone(file, listed, bound))
        yield last

    def _gone(self, file: str, listed: dict[str, str], bound: datetime | None) -> Leaving | None:
        """Return what a list had at the last reading and, although it reaches so far, has no more.

        A list that is empty all at once says nothing: servers have their bad moments.
        """
        before = self._listed.get(file, {})
        if not listed:
            return None
        next_bound = self._bound(file)
        self._listed[file] = {
            key: at for key, at in listed.items() if not next_bound or _at(at) >= next_bound
        }
        gone = [
            key for key, at in before.items() if key not in listed and bound and _at(at) >= bound
        ]
        keys = pa.table({"message_id": gone}, schema=key_schema(MESSAGES))
        return Leaving(keys, pa.array([0] * len(gone), pa.int64()))

    def _bound(self, file: str) -> datetime | None:
        newest = moment(self._newest.get(file))
        if newest is None:
            return self._config.start
        bound = newest - timedelta(days=self._config.lookback_days)
        return max(bound, self._config.start) if self._config.start else bound

    def _threads(self, found: FoundAccount) -> Iterator[Extract]:
        """Read the threads around the brand's own statuses, oldest first and each once."""
        handle = found.account.handle
        batch = Batch(MESSAGES, f"{handle}/threads", is_append=self._goes_on)
        covered: set[str] = set()
        own = sorted(self._by_brand.get(handle, []), key=lambda row: row["sent_at"])
        for row in own:
            if row["message_id"] in covered or not self._has_unseen(row):
                continue
            thread = found.client.context(row["message_id"])
            covered.update(_ids(thread.descendants))
            for status in [*thread.ancestors, *thread.descendants]:
                self._take(batch, status, found.account)
            if len(batch.rows) >= BATCH_ROWS:
                yield batch.flush()
        yield batch.flush()

    def _has_unseen(self, row: Row) -> bool:
        if row["repost_of_id"]:
            return False
        parent = row["in_reply_to_id"]
        answers_unseen = parent is not None and parent not in self._seen
        # Unknown, where the server gives no number that can be true.
        return row["replies"] != 0 or answers_unseen

    def _audience(self, found: FoundAccount) -> Extract:
        row = audience_snapshot(self._authors[found.account_id], found.read_at.date())
        return Batch(AUDIENCE, f"{found.account.handle}/audience", rows=[row]).flush()

    def _take(self, batch: Batch, status: Any, found_for: BrandAccount) -> None:
        """Put a status into the batch, count it as seen already, or reject it."""
        if isinstance(status, Mapping) and str(status.get("id")) in self._seen:
            batch.folded += 1
            return
        unread: Unread = []
        try:
            row = message(status, self._brands, found_for, unread)
            if self._config.start and row["sent_at"] < self._config.start:
                return
            self._note_author(status["account"])
        except UnusableError as fault:
            self._reject(batch, fault.reject(status))
            return
        emptied = [fault.emptied(status) for fault in unread]
        batch.emptied += [each for each in emptied if self._is_new(f"{each.field} {each.original}")]
        self._seen.add(row["message_id"])
        batch.rows.append(row)
        if writer := self._brands.by_account_id.get(str(status["account"]["id"])):
            self._by_brand.setdefault(writer.handle, []).append(row)

    def _reject(self, batch: Batch, reject: Reject) -> None:
        """Reject what isn't in quarantine already."""
        if self._is_new(reject.original):
            batch.rejects.append(reject)

    def _is_new(self, unread: str) -> bool:
        """Return whether that is told for the first time: late pages are read again and again."""
        digest = blake2b(unread.encode(), digest_size=8).hexdigest()
        is_new = digest not in self._quarantined | self._rejected
        self._rejected.add(digest)
        return is_new

    def _note_author(self, account: Any) -> None:
        account_id = str(account["id"])
        if account_id not in self._authors:
            unread: Unread = []
            self._authors[account_id] = social_account(account, self._brands, unread)
            self._unread_of_authors += [fault.emptied(account) for fault in unread]


def brands_of(config: Config, accounts: Iterable[FoundAccount]) -> Brands:
    """Return the brands and campaigns by which statuses are known."""
    by_id = {found.account_id: found.account for found in accounts}
    return Brands(by_id, config.campaign_hashtags)


def streams(
    found: FoundAccount,
) -> Iterator[tuple[str, Iterator[list[Any]], Callable[[Any], Any]]]:
    """Yield the lists of an account: name, pages, and what makes a status of an item."""
    handle, client = found.account.handle, found.client
    yield _own_statuses(found), client.statuses(found.account_id), lambda status: status
    if found.owns_token:
        yield f"{handle}/mentions", client.mentions(), _status_of_notification
    for hashtag in found.account.hashtags:
        yield f"{handle}/tag/{hashtag}", client.tagged(hashtag), lambda status: status


def _own_statuses(found: FoundAccount) -> str:
    """Name the list of a brand's own statuses: the only one that is complete for certain."""
    return f"{found.account.handle}/statuses"


def _is_listed(item: Any) -> bool:
    return _created_at(item) is not None and item.get("id") is not None


def _at(text: str) -> datetime:
    at = moment(text)
    assert at is not None, "only what has a time is kept"
    return at


def _status_of_notification(notification: Any) -> Any:
    return notification.get("status") if isinstance(notification, Mapping) else notification


def _created_at(item: Any) -> datetime | None:
    return moment(item.get("created_at")) if isinstance(item, Mapping) else None


def _ids(statuses: list[Any]) -> set[str]:
    return {str(status.get("id")) for status in statuses if isinstance(status, Mapping)}

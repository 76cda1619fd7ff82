"""What a server's lists begin with, as received and as mapped; nothing is loaded.

How an object becomes a row belongs to rows.py; here is only from which of its fields.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ingestion.errors import SourceError
from ingestion.mapping.preview import Cell, Finding, Preview, SectionPreview, written
from ingestion.mapping.preview import Row as ShownRow
from ingestion.sources.connectors.mastodon.config import BrandAccount, Config
from ingestion.sources.connectors.mastodon.reading import FoundAccount, brands_of, streams
from ingestion.sources.connectors.mastodon.rows import (
    Brands,
    Row,
    Unread,
    UnusableError,
    audience_snapshot,
    message,
    social_account,
)

CONSTANT = "a constant"
# By entity and column: the field that it comes from.
ORIGINS = {
    "messages": {
        "message_id": "id",
        "in_reply_to_id": "in_reply_to_id",
        "repost_of_id": "reblog.id",
        "sent_at": "created_at",
        "direction": "account.id",
        "author_kind": "account.bot",
        "author_handle": "account.acct",
        "channel": CONSTANT,
        "is_public": "visibility",
        "is_internal": CONSTANT,
        "brand": "mentions",
        "language": "language",
        "text": "content",
        "audience": "account.followers_count",
        "likes": "favourites_count",
        "reposts": "reblogs_count",
        "replies": "replies_count",
        "campaign_id": "tags",
    },
    "social_accounts": {
        "network": CONSTANT,
        "account_id": "id",
        "handle": "acct",
        "is_brand": CONSTANT,
        "brand": CONSTANT,
        "created_at": "created_at",
        "followers": "followers_count",
    },
    "audience_snapshots": {
        "network": CONSTANT,
        "account_id": "id",
        "snapshot_date": "answered_at",
        "followers": "followers_count",
    },
}

# Makes a row of an object, or nothing where it is older than what is wanted.
Read = Callable[[Any, Unread], Row | None]


def previews(
    config: Config, accounts: list[FoundAccount], entity: str | None, rows: int
) -> Iterator[SectionPreview]:
    """Yield the beginning of each list, for one entity or for all."""
    sections = {"messages": _lists, "social_accounts": _owners, "audience_snapshots": _audiences}
    for name, shown_of in sections.items():
        if entity in (None, name):
            yield from shown_of(config, accounts, rows)


def _lists(config: Config, accounts: list[FoundAccount], rows: int) -> Iterator[SectionPreview]:
    brands = brands_of(config, accounts)
    for found in accounts:
        for file, pages, status_of in streams(found):
            try:
                page = next(pages, [])
            except SourceError as error:
                yield SectionPreview("messages", file, 0, problem=error)
                continue
            read = partial(_message, config, brands, found.account)
            shown = _shown("messages", map(status_of, page), read, rows)
            yield SectionPreview("messages", file, 0, preview=shown)


def _owners(config: Config, accounts: list[FoundAccount], rows: int) -> Iterator[SectionPreview]:
    """Yield the brands' own accounts; those of other people come with what they wrote."""
    brands = brands_of(config, accounts)
    bodies = [found.body for found in accounts]
    read = partial(_account, brands)
    yield SectionPreview(
        "social_accounts", "accounts", 0, preview=_shown("social_accounts", bodies, read, rows)
    )


def _audiences(config: Config, accounts: list[FoundAccount], rows: int) -> Iterator[SectionPreview]:
    brands = brands_of(config, accounts)
    for found in accounts:
        read = partial(_audience, brands, found)
        shown = _shown("audience_snapshots", [found.body], read, rows)
        file = f"{found.account.handle}/audience"
        yield SectionPreview("audience_snapshots", file, 0, is_whole=True, preview=shown)


def _message(
    config: Config, brands: Brands, account: BrandAccount, status: Any, unread: Unread
) -> Row | None:
    row = message(status, brands, account, unread)
    return None if config.start and row["sent_at"] < config.start else row


def _account(brands: Brands, body: Any, unread: Unread) -> Row:
    return social_account(body, brands, unread)


def _audience(brands: Brands, found: FoundAccount, body: Any, unread: Unread) -> Row:
    return audience_snapshot(social_account(body, brands, unread), found.read_at.date())


def _shown(entity: str, items: Iterable[Any], read: Read, rows: int) -> Preview:
    """Show the first rows that some objects make, and what of all of them can't be read."""
    origins, shown = ORIGINS[entity], list[ShownRow]()
    quarantined, emptied = list[Finding](), list[Finding]()
    line = filtered = 0
    for line, item in enumerate(items, start=1):
        unread: Unread = []
        try:
            row = read(item, unread)
        except UnusableError as fault:
            quarantined.append(_finding(line, item, origins, fault))
            continue
        if row is None:
            filtered += 1
            continue
        emptied += [_finding(line, item, origins, fault) for fault in unread]
        shown.append(ShownRow(line, tuple(_cells(item, row, origins))))
    return Preview(tuple(shown[:rows]), line, filtered, tuple(quarantined), tuple(emptied))


def _cells(item: Any, row: Row, origins: Mapping[str, str]) -> Iterator[Cell]:
    for column, origin in origins.items():
        yield Cell(column, origin, _received(item, origin), written(row[column]))


def _finding(line: int, item: Any, origins: Mapping[str, str], fault: UnusableError) -> Finding:
    received = _received(item, origins.get(fault.field, ""))
    return Finding(line, fault.field, received, fault.reason)


def _received(item: Any, path: str) -> str | None:
    """Return the value at a path; what is an object or a list is not shown."""
    for name in path.split("."):
        item = item.get(name) if isinstance(item, Mapping) else None
    return None if isinstance(item, Mapping | list) else written(item)

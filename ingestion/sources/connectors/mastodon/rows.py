"""One object of an answer as one canonical row, or the reason why it can't be one.

Which objects are asked for and when reading stops does not belong here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ingestion.contract import ENTITIES, Column, Entity, Type
from ingestion.mapping.convert.markup import plain_text
from ingestion.mapping.objects import written
from ingestion.rows import EARLIEST_MOMENT, LIES_AHEAD, LIES_TOO_EARLY, latest_moment
from ingestion.sources.base import Emptied, Reject
from ingestion.sources.connectors.mastodon.config import BrandAccount

MESSAGES = ENTITIES["messages"]
ACCOUNTS = ENTITIES["social_accounts"]
AUDIENCE = ENTITIES["audience_snapshots"]
NETWORK = "mastodon"
PUBLIC = ("public", "unlisted")

Row = dict[str, Any]
LONGEST_SHOWN = 80


class UnusableError(Exception):
    """A column of an object can't be read."""

    def __init__(self, field: str, reason: str, given: Any = None) -> None:
        shown = "" if given is None else f": {str(given)[:LONGEST_SHOWN]!r}"
        super().__init__(f"{field} {reason}{shown}")
        self.field = field
        self.reason = reason

    def reject(self, item: Any) -> Reject:
        """Return the reject that keeps `item` as it came."""
        return Reject(None, self.field, self.reason, _original(item))

    def emptied(self, item: Any) -> Emptied:
        """Return what to tell of a row that is loaded without this column."""
        return Emptied(self.field, self.reason, 1, None, _original(item))


# What could not be read of objects that became rows without it.
Unread = list[UnusableError]


@dataclass(frozen=True)
class Brands:
    """The brand accounts by the server's id, and the campaigns by hashtag."""

    by_account_id: Mapping[str, BrandAccount]
    campaign_by_hashtag: Mapping[str, str]

    def mentioned(self, status: Mapping[str, Any]) -> BrandAccount | None:
        """Return the first brand account that a status mentions."""
        ids = [str(mention.get("id")) for mention in _objects(status, "mentions")]
        found = (self.by_account_id[each] for each in ids if each in self.by_account_id)
        return next(found, None)

    def campaign(self, status: Mapping[str, Any]) -> str | None:
        """Return the campaign of the first hashtag, by alphabet, that is a campaign's."""
        hashtags = sorted({str(tag.get("name")).lower() for tag in _objects(status, "tags")})
        campaigns = self.campaign_by_hashtag
        return next((campaigns[tag] for tag in hashtags if tag in campaigns), None)


def message(status: Any, brands: Brands, found_for: BrandAccount, unread: Unread) -> Row:
    """Return a status as a message; UnusableError if a needed field is missing.

    What else can't be read is left empty, and added to `unread`.

    It belongs to the brand that wrote it, else that it mentions, else in whose reading it was
    found.
    """
    status = _object(status, "status")
    account = _object(status.get("account"), "account")
    author = social_account(account, brands, [])
    writer = brands.by_account_id.get(author["account_id"])
    reblog = status.get("reblog")
    is_bot = account.get("bot") is True
    values = {
        "message_id": status.get("id"),
        "in_reply_to_id": status.get("in_reply_to_id"),
        "repost_of_id": reblog.get("id") if isinstance(reblog, Mapping) else None,
        "sent_at": status.get("created_at"),
        "direction": "outbound" if writer else "inbound",
        "author_kind": "brand" if writer else "bot" if is_bot else "customer",
        "author_handle": author["handle"],
        "channel": NETWORK,
        "is_public": status.get("visibility") in PUBLIC,
        "is_internal": False,
        "brand": (writer or brands.mentioned(status) or found_for).brand,
        "language": _main_language(status),
        "text": _words(status),
        "audience": author["followers"],
        "likes": status.get("favourites_count"),
        "reposts": status.get("reblogs_count"),
        "replies": status.get("replies_count"),
        "campaign_id": brands.campaign(status),
    }
    return _typed(MESSAGES, values, unread)


def social_account(account: Any, brands: Brands, unread: Unread) -> Row:
    """Return an account as a row; UnusableError if a needed field is missing, as of a message."""
    account = _object(account, "account")
    brand = brands.by_account_id.get(str(account.get("id")))
    handle = account.get("acct")
    values = {
        "network": NETWORK,
        "account_id": account.get("id"),
        "handle": handle.lower() if isinstance(handle, str) else handle,
        "is_brand": brand is not None,
        "brand": brand and brand.brand,
        "created_at": account.get("created_at"),
        "followers": account.get("followers_count"),
    }
    return _typed(ACCOUNTS, values, unread)


def audience_snapshot(account: Row, day: date) -> Row:
    """Return how many follow an account, given as its row, on the day of reading."""
    of_account = {name: account[name] for name in ("network", "account_id", "followers")}
    return {**of_account, "snapshot_date": day}


def moment(value: Any) -> datetime | None:
    """Return an ISO 8601 time in UTC, or None if it is none."""
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _words(status: Mapping[str, Any]) -> Any:
    """Return the words as plain text; a content warning is part of what the reader sees.

    What is no text is returned as it is.
    """
    parts = (status.get("spoiler_text"), status.get("content"))
    for part in parts:
        if part is not None and _text(part) is None:
            return part
    warning, content = (part if part is None else _text(part) for part in parts)
    words = plain_text(content)
    return f"{warning} {words or ''}" if warning else words


def _main_language(status: Mapping[str, Any]) -> Any:
    """Return the language without its region, where ISO 639-1 has it; what is no text as it is."""
    language = status.get("language")
    if not isinstance(language, str):
        return language
    main = language.lower().partition("-")[0]
    return main if len(main) == 2 else None


def _typed(entity: Entity, values: Mapping[str, Any], unread: Unread) -> Row:
    row: Row = {}
    for column in entity.columns:
        try:
            row[column.name] = _value(column, values.get(column.name))
        except UnusableError as fault:
            if column.required or column.is_decisive:
                raise
            unread.append(fault)
            row[column.name] = None
    return row


def _value(column: Column, given: Any) -> Any:
    if given == "" and (column.required or column.type is not Type.TEXT):
        given = None
    value = _read(column.name, column.type, given)
    if value is None and column.required:
        raise UnusableError(column.name, "is missing")
    if isinstance(value, datetime) and value > latest_moment():
        raise UnusableError(column.name, LIES_AHEAD)
    if isinstance(value, datetime) and value < EARLIEST_MOMENT:
        raise UnusableError(column.name, LIES_TOO_EARLY)
    # Servers have been seen to count below zero: the count is unknown then.
    is_too_small = value is not None and column.minimum is not None and value < column.minimum
    return None if is_too_small else value


def _read(field: str, kind: Type, given: Any) -> Any:
    """Return a value as the type has it; UnusableError if it is of another type."""
    value = None if given is None else READERS[kind](given)
    if value is None and given is not None:
        raise UnusableError(field, f"is no {kind}", given)
    return value


def _text(given: Any) -> str | None:
    """Accept numbers too: some servers give their ids so."""
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return _storable(given) if isinstance(given, str) else None


def _whole(given: Any) -> int | None:
    is_whole = isinstance(given, int) and not isinstance(given, bool) and abs(given) < 2**63
    return given if is_whole else None


def _flag(given: Any) -> bool | None:
    return given if isinstance(given, bool) else None


READERS: dict[Type, Callable[[Any], Any]] = {
    Type.TEXT: _text,
    Type.INTEGER: _whole,
    Type.BOOLEAN: _flag,
    Type.TIMESTAMP: moment,
}


def _original(item: Any) -> str:
    return _storable(written(item))


def _storable(text: str) -> str:
    """Replace what neither Arrow nor PostgreSQL can store: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnusableError(field, "is missing" if value is None else "is no object")
    return value


def _objects(owner: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    values = owner.get(key)
    return [v for v in values if isinstance(v, Mapping)] if isinstance(values, list) else []

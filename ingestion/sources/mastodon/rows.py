"""One object of an answer as one row of a table, or the reason why it can't be one.

Which objects are asked for and when reading stops does not belong here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingestion.contract import Column, Entity, Type
from ingestion.sources.base import Reject
from ingestion.sources.mastodon.config import BrandAccount
from ingestion.sources.mastodon.plain import plain_text
from ingestion.sources.mastodon.tables import ACCOUNTS, STATUSES

Row = dict[str, Any]


class UnusableError(Exception):
    """An object can't become a row because of one field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason

    def reject(self, item: Any) -> Reject:
        """Return the reject that keeps `item` as it came."""
        return Reject(
            None, self.field, self.reason, _storable(json.dumps(item, ensure_ascii=False))
        )


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

    def campaign(self, hashtags: list[str]) -> str | None:
        """Return the campaign of the first hashtag that is a campaign's."""
        campaigns = self.campaign_by_hashtag
        return next((campaigns[tag] for tag in hashtags if tag in campaigns), None)


def status_row(status: Any, brands: Brands, found_for: BrandAccount) -> Row:
    """Return a status as a row of STATUSES; UnusableError if a needed field is missing."""
    status = _object(status, "status")
    account = _object(status.get("account"), "account")
    author = brands.by_account_id.get(str(account.get("id")))
    mentioned = brands.mentioned(status)
    hashtags = sorted({str(tag.get("name")).lower() for tag in _objects(status, "tags")})
    reblog = status.get("reblog")
    derived = {
        "status_id": status.get("id"),
        "reblog_of_id": reblog.get("id") if isinstance(reblog, Mapping) else None,
        "content_html": status.get("content"),
        "hashtags": " ".join(hashtags),
        "campaign_id": brands.campaign(hashtags),
        "account_id": account.get("id"),
        "account_acct": account.get("acct"),
        "account_is_bot": account.get("bot"),
        "account_followers_count": account.get("followers_count"),
        "author_of": author and author.handle,
        "mention_of": mentioned and mentioned.handle,
        "found_for": found_for.handle,
        "brand": (author or mentioned or found_for).brand,
    }
    row = _typed(STATUSES, {**status, **derived})
    row["content_text"] = plain_text(row["content_html"])
    return row


def account_row(account: Any, brands: Brands) -> Row:
    """Return an account as a row of ACCOUNTS; UnusableError if a needed field is missing."""
    account = _object(account, "account")
    brand = brands.by_account_id.get(str(account.get("id")))
    derived = {
        "account_id": account.get("id"),
        "is_bot": account.get("bot"),
        "is_brand": brand is not None,
        "brand": brand and brand.brand,
    }
    return _typed(ACCOUNTS, {**account, **derived})


def moment(value: Any) -> datetime | None:
    """Return an ISO 8601 time in UTC, or None if it is none."""
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _typed(table: Entity, values: Mapping[str, Any]) -> Row:
    return {column.name: _value(column, values.get(column.name)) for column in table.columns}


def _value(column: Column, given: Any) -> Any:
    if given is None or (given == "" and (column.required or column.type != Type.TEXT)):
        if column.required:
            raise UnusableError(column.name, "is missing")
        return None
    value = READERS[column.type](given)
    if value is None:
        raise UnusableError(column.name, f"is no {column.type}: {str(given)[:80]!r}")
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

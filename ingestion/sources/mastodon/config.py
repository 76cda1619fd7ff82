"""The section of a Mastodon source in concord.toml, as typed values.

Every fault of a section is found in one go. Nothing here asks the server.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from ingestion.errors import ConfigurationFaults, Fault
from ingestion.http import LOOPBACK

KEYS = {
    "kind",
    "base_url",
    "access_token",
    "accounts",
    "start_date",
    "lookback_days",
    "page_size",
    "campaign_hashtags",
}
ACCOUNT_KEYS = {"handle", "brand", "access_token", "hashtags"}
LARGEST_PAGE = 40


@dataclass(frozen=True)
class BrandAccount:
    """One account that speaks for a brand; the handle is lower case, without a leading @."""

    handle: str
    brand: str
    token: str | None = field(default=None, repr=False)
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Config:
    """What to read from which server."""

    base_url: str
    accounts: tuple[BrandAccount, ...]
    start: datetime | None = None
    lookback_days: int = 7
    page_size: int = LARGEST_PAGE
    campaign_hashtags: Mapping[str, str] = field(default_factory=dict)


def read_config(name: str, section: Mapping[str, Any]) -> Config:
    """Return the configuration of source `name`; ConfigurationFaults names all that is wrong."""
    reader = _Section(f"sources.{name}", section)
    config = Config(
        base_url=reader.base_url(),
        accounts=reader.accounts(),
        start=reader.start(),
        lookback_days=reader.number("lookback_days", 7, 1, 3650),
        page_size=reader.number("page_size", LARGEST_PAGE, 1, LARGEST_PAGE),
        campaign_hashtags=reader.campaign_hashtags(),
    )
    reader.refuse_unknown(reader.key, section, KEYS)
    if reader.faults:
        raise ConfigurationFaults(reader.faults)
    return config


class _Section:
    """Reads one section key by key, and notes faults instead of stopping at the first."""

    def __init__(self, key: str, section: Mapping[str, Any]) -> None:
        self.key = key
        self.section = section
        self.faults: list[Fault] = []

    def base_url(self) -> str:
        url = self._text(self.key, self.section, "base_url", 'such as "https://social.example"')
        parts = urlsplit(url)
        if url and (parts.scheme not in ("https", "http") or not parts.hostname or parts.query):
            self._fault("base_url", "is no web address", 'Write it as "https://social.example".')
        elif parts.scheme == "http" and self._has_token() and parts.hostname not in LOOPBACK:
            self._fault("base_url", "would send the access token unencrypted", "Use https.")
        return url

    def accounts(self) -> tuple[BrandAccount, ...]:
        listed = self.section.get("accounts")
        if not isinstance(listed, list) or not listed:
            example = f'Add [[{self.key}.accounts]] with handle = "acme" and brand = "Acme".'
            self._fault("accounts", "names no account", example)
            return ()
        accounts = tuple(self._account(at, entry) for at, entry in enumerate(listed))
        handles = [account.handle for account in accounts if account.handle]
        for handle in sorted({handle for handle in handles if handles.count(handle) > 1}):
            self._fault("accounts", f"names {handle} more than once", "Keep one of them.")
        return accounts

    def start(self) -> datetime | None:
        start = self.section.get("start_date")
        if isinstance(start, str):
            with suppress(ValueError):
                start = date.fromisoformat(start)
        if start is None:
            return None
        if not isinstance(start, date):
            self._fault("start_date", "is no date", "Write it as 2024-01-31.")
            return None
        return datetime.combine(start, time(), UTC)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        value = self.section.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self._fault(key, f"is {value!r}", f"Give a whole number from {least} to {most}.")
            return default
        return value

    def campaign_hashtags(self) -> dict[str, str]:
        given = self.section.get("campaign_hashtags", {})
        if not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
            remedy = 'Write it as { acmesummer = "summer-2025" }.'
            self._fault("campaign_hashtags", "is not a table of hashtag to campaign_id", remedy)
            return {}
        return {_tag(tag): campaign for tag, campaign in given.items()}

    def refuse_unknown(self, key: str, given: Mapping[str, Any], known: set[str]) -> None:
        for unknown in sorted(set(given) - known):
            remedy = f"Remove it, or use one of: {', '.join(sorted(known))}."
            self.faults.append(Fault(f"{key}.{unknown}", "is not a known key", remedy))

    def _account(self, at: int, entry: Any) -> BrandAccount:
        key = f"{self.key}.accounts[{at}]"
        if not isinstance(entry, Mapping):
            self.faults.append(Fault(key, "is not a table", "Give handle and brand."))
            return BrandAccount("", "")
        self.refuse_unknown(key, entry, ACCOUNT_KEYS)
        tags = entry.get("hashtags", [])
        if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
            self.faults.append(Fault(f"{key}.hashtags", "is no list of words", 'Use ["acme"].'))
            tags = []
        return BrandAccount(
            handle=self._text(key, entry, "handle", 'such as "acme"').strip().lstrip("@").lower(),
            brand=self._text(key, entry, "brand", "as elsewhere in the configuration"),
            token=entry.get("access_token") or self.section.get("access_token") or None,
            hashtags=tuple(_tag(tag) for tag in tags),
        )

    def _text(self, key: str, given: Mapping[str, Any], name: str, remedy: str) -> str:
        value = given.get(name)
        if isinstance(value, str) and value.strip():
            return value
        self.faults.append(Fault(f"{key}.{name}", "is missing", f"Give it, {remedy}."))
        return ""

    def _has_token(self) -> bool:
        entries = self.section.get("accounts")
        entries = entries if isinstance(entries, list) else []
        tokens = [entry.get("access_token") for entry in entries if isinstance(entry, Mapping)]
        return any([self.section.get("access_token"), *tokens])

    def _fault(self, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(f"{self.key}.{key}", problem, remedy))


def _tag(tag: str) -> str:
    return tag.strip().lstrip("#").lower()

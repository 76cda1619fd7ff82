"""The section of a Mastodon source in concord.toml, as typed values.

Every fault of a section is found in one go. Nothing here asks the server.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ingestion.errors import ConfigurationFaults, Fault
from ingestion.faults import key_of, read_section
from ingestion.http import LOOPBACK

DOCS = "ingestion/sources/mastodon/README.md"
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


def _day(value: Any) -> date | None:
    """Read a date of TOML, or one that is written as a text."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = ""
    if day is not None and not isinstance(day, date):
        raise ValueError("is no date, such as 2024-01-31")
    return day.date() if isinstance(day, datetime) else day


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountSection(_Section):
    """One `[[sources.<name>.accounts]]`."""

    handle: str
    brand: str
    access_token: str | None = None
    hashtags: list[str] = Field(default_factory=list)


class MastodonSection(_Section):
    """One `[sources.<name>]` of kind "mastodon"."""

    kind: Literal["mastodon"] = "mastodon"
    base_url: str
    access_token: str | None = None
    accounts: list[AccountSection] = Field(min_length=1)
    start_date: Annotated[date | None, BeforeValidator(_day)] = None
    lookback_days: int = Field(default=7, strict=True, ge=1, le=3650)
    page_size: int = Field(default=LARGEST_PAGE, strict=True, ge=1, le=LARGEST_PAGE)
    campaign_hashtags: dict[str, str] = Field(default_factory=dict)


def read_config(name: str, section: Mapping[str, Any]) -> Config:
    """Return the configuration of source `name`; ConfigurationFaults names all that is wrong."""
    key = key_of("sources", name)
    shape, faults = read_section(MastodonSection, section, key, DOCS)
    known = {fault.key for fault in faults}
    if shape is not None:
        faults += [fault for fault in _faults(key, shape) if fault.key not in known]
    if shape is None or faults:
        raise ConfigurationFaults(faults)
    return Config(
        base_url=shape.base_url,
        accounts=tuple(_account(each, shape.access_token) for each in shape.accounts),
        start=datetime.combine(shape.start_date, time(), UTC) if shape.start_date else None,
        lookback_days=shape.lookback_days,
        page_size=shape.page_size,
        campaign_hashtags={_tag(tag): each for tag, each in shape.campaign_hashtags.items()},
    )


def _account(section: AccountSection, common_token: str | None) -> BrandAccount:
    return BrandAccount(
        handle=_handle(section),
        brand=section.brand,
        token=section.access_token or common_token or None,
        hashtags=tuple(_tag(tag) for tag in section.hashtags),
    )


def _faults(key: str, section: MastodonSection) -> Iterator[Fault]:
    """Yield the faults that the shape of a section doesn't show."""
    yield from _address_faults(f"{key}.base_url", section)
    handles = [_handle(each) for each in section.accounts]
    for handle in sorted({each for each in handles if each and handles.count(each) > 1}):
        yield Fault(f"{key}.accounts", f"names {handle} more than once", "Keep one of them")
    for index, account in enumerate(section.accounts):
        entry = key_of(f"{key}.accounts", index)
        for field_name, value in (("handle", _handle(account)), ("brand", account.brand.strip())):
            if not value:
                yield Fault(f"{entry}.{field_name}", "is empty", f"Fill it in; {DOCS} shows how")
        if not all(map(_tag, account.hashtags)):
            yield Fault(f"{entry}.hashtags", "has an empty entry", 'Such as ["acme"]')


def _address_faults(key: str, section: MastodonSection) -> Iterator[Fault]:
    parts = urlsplit(section.base_url)
    tokens = [section.access_token, *(each.access_token for each in section.accounts)]
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query:
        yield Fault(key, "is no web address", 'Write it as "https://social.example"')
    elif parts.scheme == "http" and any(tokens) and parts.hostname not in LOOPBACK:
        yield Fault(key, "would send the access token unencrypted", "Use https")


def _handle(section: AccountSection) -> str:
    return section.handle.strip().lstrip("@").lower()


def _tag(tag: str) -> str:
    return tag.strip().lstrip("#").lower()

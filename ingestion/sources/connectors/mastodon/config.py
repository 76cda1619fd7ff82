"""The section of a Mastodon source in concord.toml, as typed values.

Nothing here asks the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from ingestion.addresses import web_address
from ingestion.faults import key_of, read_section
from ingestion.http import Api
from ingestion.keys import SourceSection
from ingestion.sections import Day, Filled, Section, filled, outer, wrong

DOCS = "ingestion/sources/connectors/mastodon/README.md"
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
    answer_megabytes: int = Api.answer_megabytes


def read_config(name: str, section: Mapping[str, Any]) -> Config:
    """Return the configuration of source `name`; ConfigurationFaults names all that is wrong."""
    read = read_section(MastodonSection, section, key_of("sources", name), DOCS)
    return Config(
        base_url=read.base_url,
        accounts=tuple(each.account(read.access_token) for each in read.accounts),
        start=datetime.combine(read.start_date, time(), UTC) if read.start_date else None,
        lookback_days=read.lookback_days,
        page_size=read.page_size,
        campaign_hashtags=read.campaign_hashtags,
        answer_megabytes=read.limits.answer_megabytes,
    )


def _tag(tag: str) -> str:
    return filled(tag.strip().lstrip("#").lower())


def _handle(handle: str, info: ValidationInfo) -> str:
    """Write a handle as servers do; one that an account before this one has is a fault."""
    handle = filled(handle.strip().lstrip("@").lower())
    handles = outer(info)["handles"]
    if handle in handles:
        raise wrong(f"{handle} is named more than once", "Keep one of them")
    handles.add(handle)
    return handle


Handle = Annotated[str, AfterValidator(_handle)]
Tag = Annotated[str, AfterValidator(_tag)]


class AccountSection(Section):
    """One `[[sources.<name>.accounts]]`."""

    handle: Handle = Field(description='the name of the account, such as "acme"')
    brand: Filled = Field(description="the name of the brand, as elsewhere in the configuration")
    access_token: str | None = None
    hashtags: tuple[Tag, ...] = ()

    def account(self, token: str | None) -> BrandAccount:
        """Return the account, with the source's token if it has none of its own."""
        token = self.access_token or token or None
        return BrandAccount(self.handle, self.brand, token, self.hashtags)


class LimitsSection(Section):
    """`[sources.<name>.limits]`: how much an answer may hold before it is refused."""

    answer_megabytes: int = Field(default=Api.answer_megabytes, strict=True, ge=1)


class MastodonSection(SourceSection):
    """One `[sources.<name>]` of kind "mastodon"."""

    kind: Literal["mastodon"] = "mastodon"
    access_token: str | None = None
    accounts: list[Any] = Field(
        min_length=1,
        description='[[sources.<name>.accounts]] with handle = "acme" and brand = "Acme"',
    )
    base_url: str = Field(description='the address of the server, such as "https://social.example"')
    start_date: Day | None = None
    lookback_days: int = Field(default=7, strict=True, ge=1, le=3650)
    page_size: int = Field(default=LARGEST_PAGE, strict=True, ge=1, le=LARGEST_PAGE)
    campaign_hashtags: dict[Tag, str] = Field(default_factory=dict)
    limits: LimitsSection = LimitsSection()

    @field_validator("accounts")
    @classmethod
    def _read_accounts(cls, given: list[Any], _info: ValidationInfo) -> list[AccountSection]:
        accounts = TypeAdapter(list[AccountSection])
        return accounts.validate_python(given, context={"handles": set()})

    @field_validator("base_url")
    @classmethod
    def _keeps_tokens_secret(cls, url: str, info: ValidationInfo) -> str:
        tokens = [each.access_token for each in info.data.get("accounts", ())]
        has_token = any([info.data.get("access_token"), *tokens])
        secrets = "the access token" if has_token else ""
        return web_address(url, "https://social.example", secrets=secrets)

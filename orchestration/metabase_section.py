"""What concord.toml may say of Metabase: where it is, who gets the scorecard, and when."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from ingestion.sections import Section, unknown, wrong


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise wrong(
            "is not a web address without a user's name",
            "Write one such as https://metabase.example.com",
        )
    return text.rstrip("/")


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise wrong(f"{text!r} is no e-mail address", "Write one such as ada@example.com")
    return text


def _metabase_group(name: str) -> str:
    from dashboards.metabase.site import group_names

    if name not in group_names():
        raise unknown(f"there is no group {name!r}", name, group_names())
    return name


class Metabase(Section):
    """A Metabase to publish to; credentials come from the environment.

    `warehouse_host` and `warehouse_port` say how Metabase reaches the warehouse, where that isn't
    as we do. Addresses in `recipients`, by group, get the scorecard each week and every alert.
    """

    url: Annotated[str, AfterValidator(_web_address)]
    warehouse_host: str | None = None
    warehouse_port: int | None = Field(default=None, ge=1, le=65535)
    warehouse_ssl: bool = False
    recipients: dict[
        Annotated[str, AfterValidator(_metabase_group)],
        tuple[Annotated[str, AfterValidator(_email)], ...],
    ] = Field(default={})
    weekly_day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    weekly_hour: int = Field(default=7, ge=0, le=23)
    alert_hour: int = Field(default=7, ge=0, le=23)

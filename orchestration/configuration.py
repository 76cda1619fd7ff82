"""What concord.toml may hold: its sections, their types and limits, and their defaults.

Nothing here reads a file or the environment; `settings.py` does. What a source's own section
may hold is the source's business (ingestion.sources).
"""

import re
from datetime import date, time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Berlin")
    return name


def _local_time(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("is in the company's time zone; write it without an offset, such as 09:00")
    return moment


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"{code!r} is no ISO 4217 code; write three capitals such as EUR")
    return code


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", code):
        raise ValueError(f"{code!r} is no ISO 639-1 code; write two letters such as en")
    return code


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError("write an address such as https://metabase.example.com, without a name")
    return text.rstrip("/")


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError(f"{text!r} is no e-mail address")
    return text


def _metabase_group(name: str) -> str:
    from dashboards.metabase.site import group_names

    if name not in group_names():
        raise ValueError(f"there is no group {name!r}; use one of {', '.join(group_names())}")
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class BusinessHours(_Section):
    """When the service desk is staffed, in the company's time zone; days 1 (Monday) to 7."""

    start: Annotated[time, AfterValidator(_local_time)] = time(9)
    end: Annotated[time, AfterValidator(_local_time)] = time(17)
    days: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] = (
        1,
        2,
        3,
        4,
        5,
    )

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "BusinessHours":
        if self.start >= self.end:
            raise ValueError("start must be before end")
        return self


class Brand(_Section):
    """A brand and the handles under which people address it."""

    name: str = Field(min_length=1)
    handles: tuple[str, ...] = ()


class Company(_Section):
    """Whose scorecard it is; `as_of` sets the clock for an archive, else it is now."""

    name: str = Field(min_length=1)
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    currency: Annotated[str, AfterValidator(_currency)] = "EUR"
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ("en",)
    brands: tuple[Brand, ...] = ()
    demo: bool = False
    as_of: AwareDatetime | None = None
    business_hours: BusinessHours = BusinessHours()


class Metrics(_Section):
    """What the house definitions leave to the company."""

    activity_window_days: int = Field(default=365, ge=7, le=1826)
    minimum_n: int = Field(default=30, ge=2)


class Demo(_Section):
    """Size and seed of the demo company."""

    seed: int = 20260101
    persons: int = Field(default=20_000, ge=200)
    months: int = Field(default=24, ge=3, le=60)


class Gates(_Section):
    """How far data may stray before a gate blocks."""

    minimum_volume_share: float = Field(default=0.3, ge=0, le=1)
    maximum_volume_ratio: float = Field(default=5.0, gt=1)
    freshness_days: float | None = Field(default=None, gt=0)
    maximum_quarantined_share: float = Field(default=0.05, ge=0, le=1)
    maximum_jump: float = Field(default=0.5, gt=0)


class Target(_Section):
    """What two departments agreed on for a metric, from a day on."""

    metric_id: str
    segment_name: str = "company"
    segment_value: str = "all"
    valid_from: date
    valid_to: date | None = None
    value: float | None = None
    marketing_owner: str = Field(min_length=1)
    service_owner: str = Field(min_length=1)
    reason: str = ""
    version: int = 1


class BaselineShift(_Section):
    """An explained change of a series, after which its natural limits are computed anew."""

    metric_id: str
    segment_name: str = "company"
    segment_value: str = "all"
    shifted_on: date
    reason: str = Field(min_length=1)


class Metabase(_Section):
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
    ] = {}
    weekly_day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    weekly_hour: int = Field(default=7, ge=0, le=23)
    alert_hour: int = Field(default=7, ge=0, le=23)


class Configuration(_Section):
    """The content of concord.toml."""

    company: Company
    metrics: Metrics = Metrics()
    demo: Demo = Demo()
    gates: Gates = Gates()
    sources: dict[str, dict[str, Any]] = {}
    targets: tuple[Target, ...] = ()
    baseline_shifts: tuple[BaselineShift, ...] = ()
    metabase: Metabase | None = None

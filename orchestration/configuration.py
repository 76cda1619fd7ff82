"""What concord.toml may hold: its sections, their types and limits, and their defaults.

Nothing here reads a file or the environment; `settings.py` does. What a source's own section
may hold is the source's business (ingestion.sources); what is said of the service desk and of
Metabase is in `service_desk` and `metabase_section`.
"""

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from dashboards.scorecard.definition import LINE, MOST_LINES, lines
from ingestion.keys import refuse_unknown_keys
from ingestion.sections import Filled, Section, TimeZone, unknown, wrong
from orchestration.metabase_section import Metabase
from orchestration.promises import Promises
from orchestration.service_desk import BusinessHours, Calendar, Scope, ServiceLevel


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise wrong(f"{code!r} is no ISO 4217 code", "Write three capitals, such as EUR")
    return code


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", code):
        raise wrong(f"{code!r} is no ISO 639-1 code", "Write two letters, such as en")
    return code


def _month(day: date) -> date:
    """Any day stands for its month."""
    return day.replace(day=1)


def _country(code: str) -> str:
    import phonenumbers

    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise wrong(f"{code!r} is no country of ISO 3166", "Write two capitals, such as DE")
    return code


def _source_name(name: str) -> str:
    """Refuse what Dagster, whose steps have the names of sources, can't name a step."""
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
        problem = f"a source can't be called {name!r}"
        raise wrong(problem, "Write letters from A to Z, digits, and _ - . alone")
    return name


def _metric(name: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("metrics")
    if known is not None and name not in known:
        raise unknown(f"there is no metric {name!r}", name, known)
    return name


Mailbox = Annotated[Filled, AfterValidator(str.lower)]
MetricId = Annotated[str, AfterValidator(_metric)]
SourceName = Annotated[str, AfterValidator(_source_name)]


class Brand(Section):
    """A brand and the handles under which people address it."""

    name: str = Field(min_length=1)
    handles: tuple[str, ...] = ()


class Company(Section):
    """Whose scorecard it is; `as_of` sets the clock for an archive, else it is now."""

    name: str = Field(min_length=1)
    time_zone: TimeZone = "UTC"
    currency: Annotated[str, AfterValidator(_currency)] = "EUR"
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ("en",)
    brands: tuple[Brand, ...] = ()
    demo: bool = False
    as_of: AwareDatetime | None = None
    business_hours: BusinessHours = BusinessHours()
    calendars: tuple[Calendar, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()

    @field_validator("calendars", "service_levels")
    @classmethod
    def _name_known_brands(
        cls, entries: tuple[Scope, ...], info: ValidationInfo
    ) -> tuple[Scope, ...]:
        known = [brand.name for brand in info.data.get("brands", ())]
        for name in (name for entry in entries for name in entry.brands):
            if known and name not in known:
                raise unknown(f"there is no brand {name!r}", name, known)
        return entries


class Metrics(Section):
    """What the house definitions leave to the company."""

    activity_window_days: int = Field(default=365, ge=7, le=1826)
    observation_days: int = Field(default=60, ge=1, le=365)
    credit_window_days: int = Field(default=90, ge=1, le=365)
    minimum_n: int = Field(default=30, ge=2)


class Persons(Section):
    """By which identifiers records are one person; `phone_country` is that of numbers without.

    A role mailbox is a name before the @, or a whole address; without a list, the usual ones are.
    """

    phone_country: Annotated[str, AfterValidator(_country)] | None = None
    role_mailboxes: tuple[Mailbox, ...] | None = None
    shared_key_limit: int = Field(default=5, ge=1)


class Stories(Section):
    """What the page shows of one person: of how many days, and whether private words, too."""

    days: int = Field(default=180, ge=0, le=3660)
    private_texts: bool = False


class Demo(Section):
    """Size and seed of the demo company."""

    seed: int = 20260101
    persons: int = Field(default=20_000, ge=200)
    months: int = Field(default=24, ge=3, le=60)


class Gates(Section):
    """How far data may stray before a gate blocks."""

    minimum_volume_share: float = Field(default=0.3, ge=0, le=1)
    maximum_volume_ratio: float = Field(default=5.0, gt=1)
    freshness_days: float | None = Field(default=None, gt=0)
    maximum_quarantined_share: float = Field(default=0.05, ge=0, le=1)
    maximum_folded_share: float = Field(default=0.05, ge=0, le=1)
    maximum_removed_share: float = Field(default=0.2, ge=0, le=1)
    maximum_jump: float = Field(default=0.5, gt=0)


class Target(Section):
    """What two departments agreed on for a metric, from a day on."""

    metric_id: MetricId
    segment_name: str = "company"
    segment_value: str = "all"
    valid_from: date
    valid_to: date | None = None
    value: float | None = None
    marketing_owner: str = Field(min_length=1)
    service_owner: str = Field(min_length=1)
    reason: str = ""
    version: int = 1


class Explanation(Section):
    """Why published figures of complete months rightly change; without metrics, those of all."""

    metrics: tuple[MetricId, ...] = ()
    first_month: Annotated[date, AfterValidator(_month)]
    last_month: Annotated[date, AfterValidator(_month)]
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.first_month > self.last_month:
            raise wrong("first_month is after last_month", "Write the earlier month first")
        return self

    @property
    def metric_ids(self) -> tuple[str | None, ...]:
        """Return the metrics that it is about; one None stands for all."""
        return self.metrics or (None,)


class BaselineShift(Section):
    """A month in which the process changed: from it on, natural limits are computed anew."""

    metric_id: MetricId
    segment_name: str = "company"
    segment_value: str = "all"
    shifted_on: date
    reason: str = Field(min_length=1)


class Card(Section):
    """A card of the scorecard: its metric, and of which segment, if not of the whole company."""

    metric: MetricId
    title: str = ""
    segment: dict[str, str | int] = Field(default={}, max_length=1)


def _on_one_screen(rows: "tuple[CardRow, ...]") -> "tuple[CardRow, ...]":
    metrics = [card.metric for row in rows for card in row.cards]
    twice = sorted({metric for metric in metrics if metrics.count(metric) > 1})
    problems = [f"{', '.join(twice)} is there twice"] if twice else []
    needed = lines(len(row.cards) for row in rows)
    if needed > MOST_LINES:
        problems.append(f"the cards take {needed} lines")
    if problems:
        room = f"Keep each metric once, and {MOST_LINES} lines of {LINE} cards"
        raise wrong("; ".join(problems), room)
    return rows


class CardRow(Section):
    """A row of cards under one question."""

    title: str = Field(min_length=1)
    question: str = ""
    cards: tuple[Card, ...] = Field(min_length=1)


class Scorecard(Section):
    """Which cards the scorecard shows; without rows those of the product that have data."""

    north_star: Card | None = None
    rows: Annotated[tuple[CardRow, ...], AfterValidator(_on_one_screen)] = ()

    @model_validator(mode="after")
    def _star_is_no_card(self) -> Self:
        star = self.north_star.metric if self.north_star else None
        if any(card.metric == star for row in self.rows for card in row.cards):
            raise wrong(f"{star} is the north star and a card", "Take it out of the rows")
        return self


class Configuration(Section):
    """The content of concord.toml."""

    company: Company
    metrics: Metrics = Metrics()
    persons: Persons = Persons()
    stories: Stories = Stories()
    demo: Demo = Demo()
    gates: Gates = Gates()
    sources: Annotated[dict[SourceName, dict[str, Any]], AfterValidator(refuse_unknown_keys)] = (
        Field(default={})
    )
    targets: tuple[Target, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    baseline_shifts: tuple[BaselineShift, ...] = ()
    promises: Promises = ()
    scorecard: Scorecard = Scorecard()
    metabase: Metabase | None = None

    @field_validator("sources")
    @classmethod
    def _can_be_told_apart(cls, sources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Refuse two names that Dagster would write alike."""
        alike: dict[str, str] = {}
        for name in sources:
            other = alike.setdefault(re.sub("[.-]", "_", name), name)
            if other != name:
                problem = f"{other!r} and {name!r} can't be told apart: . and - count as _"
                raise wrong(problem, "Rename one of them")
        return sources

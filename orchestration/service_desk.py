"""What concord.toml may say of the service desk: when it is open, and how fast it means to be.

Which days are holidays in a country is known by the library `holidays`. What the hours make of a
wait is computed in SQL (dbt_project/macros/business_hours.sql).
"""

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from ingestion.sections import Section, unknown, wrong

DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[DayName, ...] = get_args(DayName)


def _time_of_day(given: Any) -> Any:
    """Return a time as HH:MM, which sorts as times do; a day ends at 24:00."""
    if isinstance(given, time):
        given = given.isoformat("minutes")
    if not isinstance(given, str):
        return given
    if re.fullmatch(r"\d\d:\d\d.*(Z|[+-]\d\d.*)", given):
        raise wrong("is in the company's time zone", "Write it without an offset, such as 09:00")
    found = re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d|24:00)(:00)?", given)
    if found is None:
        raise wrong(f"{given!r} is no time of day", "Write one such as 09:00; a day ends at 24:00")
    return found[1]


TimeOfDay = Annotated[str, BeforeValidator(_time_of_day)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class Span(Section):
    """A part of one day, in the company's time zone."""

    start: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.start >= self.end:
            raise wrong(
                "start is not before end",
                "Write the hours of one day; a night ends at 24:00, and goes on at 00:00",
            )
        return self


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    if any(earlier.end > later.start for earlier, later in pairwise(spans)):
        raise wrong("overlap, or are not in the order of the day", "Write each hour once")
    return spans


def _country(code: str) -> str:
    from holidays import list_supported_countries

    if code not in list_supported_countries():
        raise wrong(
            f"no holidays are known of {code!r}",
            "Write a country's two capitals, such as DE, or list the days under holidays",
        )
    return code


def _region(code: str, info: ValidationInfo) -> str:
    from holidays import list_supported_countries

    country = info.data.get("country", "")
    if country is None:
        raise wrong("is a region without a country", "Add country, such as DE")
    known = list_supported_countries().get(country)
    if known is not None and code not in known:
        raise unknown(f"no holidays are known of {code!r} in {country}", code, known)
    return code


class BusinessHours(Span):
    """When the service desk is staffed; days 1 (Monday) to 7, `hours` of single weekdays."""

    start: TimeOfDay = "09:00"
    end: TimeOfDay = "17:00"
    days: tuple[Weekday, ...] = Field(default=(1, 2, 3, 4, 5), min_length=1)
    hours: dict[DayName, Annotated[tuple[Span, ...], AfterValidator(_in_order)]] = Field(default={})
    holidays: tuple[date, ...] = ()
    country: Annotated[str, AfterValidator(_country)] | None = None
    region: Annotated[str, AfterValidator(_region)] | None = None

    def spans(self) -> Iterator[tuple[int, str, str]]:
        """Return weekday, start and end of each span of the week."""
        for number, name in enumerate(WEEKDAYS, start=1):
            usual = (Span(start=self.start, end=self.end),) if number in self.days else ()
            for span in self.hours.get(name, usual):
                yield number, span.start, span.end

    def days_off(self, years: range) -> list[date]:
        """Return the holidays of these years."""
        from holidays import country_holidays

        known = set(self.holidays)
        if self.country:
            known |= set(country_holidays(self.country, subdiv=self.region, years=years))
        return sorted(day for day in known if day.year in years)


class Scope(Section):
    """For which tickets something is said: those with one of each list that isn't empty."""

    brands: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    lists: ClassVar[tuple[str, ...]] = ("brands", "channels", "teams")

    @property
    def scope(self) -> dict[str, list[str]]:
        """Return the lists by name."""
        return {name: list(getattr(self, name)) for name in self.lists}


class Calendar(Scope, BusinessHours):
    """Business hours of some brands, channels or teams; of several that fit, the first counts."""

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Self:
        if not any(self.scope.values()):
            raise wrong(
                "is for no brand, channel or team",
                "Name some under brands, channels or teams; business_hours are for all others",
            )
        return self


class ServiceLevel(Scope):
    """How many minutes a reply and a solution may take; of several that fit, the first counts."""

    priorities: tuple[str, ...] = ()
    first_reply_minutes: float | None = Field(default=None, gt=0)
    full_resolution_minutes: float | None = Field(default=None, gt=0)
    clock: Literal["business", "calendar"] = "business"
    lists: ClassVar[tuple[str, ...]] = (*Scope.lists, "priorities")

    @model_validator(mode="after")
    def _promises_something(self) -> Self:
        if self.first_reply_minutes is None and self.full_resolution_minutes is None:
            raise wrong(
                "says neither when to reply nor when to solve",
                "Give first_reply_minutes, full_resolution_minutes or both",
            )
        return self

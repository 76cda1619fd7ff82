"""Risk: a wait counts hours in which nobody works, or not those in which somebody does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestration.configuration import Company
from orchestration.dbt import calendars
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import LOADED_AT

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
HOLIDAYS = ["2025-12-25", "2025-12-26"]
TWO_PARTS = {"fri": [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "15:00"}]}
NIGHT = {"fri": [{"start": "22:00", "end": "24:00"}], "sat": [{"start": "00:00", "end": "06:00"}]}


@dataclass(frozen=True)
class Case:
    """Business hours, and what a ticket took by them."""

    opened: str
    solved: str
    minutes: int
    hours: dict[str, Any]


CASES = {
    "around the clock": Case(  # zammad#3180
        "2025-11-03 22:00",
        "2025-11-06 02:00",
        3120,
        {"start": "00:00", "end": "24:00", "days": [1, 2, 3, 4, 5, 6, 7]},
    ),
    # osTicket#4969
    "listed days": Case("2025-12-24 16:00", "2025-12-29 09:30", 90, {"holidays": HOLIDAYS}),
    "a country's": Case("2025-12-24 16:00", "2025-12-29 09:30", 90, {"country": "DE"}),
    "none": Case("2025-12-24 16:00", "2025-12-29 09:30", 1050, {}),
    "a region's": Case(
        "2026-01-05 16:00", "2026-01-07 09:30", 90, {"country": "DE", "region": "BY"}
    ),
    "another region's": Case(
        "2026-01-05 16:00", "2026-01-07 09:30", 570, {"country": "DE", "region": "BE"}
    ),
    "over two parts of a day": Case(
        "2025-11-06 16:00", "2025-11-10 09:10", 60 + 180 + 120 + 10, {"hours": TWO_PARTS}
    ),
    "from the break on": Case("2025-11-07 12:30", "2025-11-07 13:20", 20, {"hours": TWO_PARTS}),
    "into the break": Case("2025-11-07 11:50", "2025-11-07 12:30", 10, {"hours": TWO_PARTS}),
    "a weekday off": Case("2025-11-06 16:00", "2025-11-10 09:10", 70, {"hours": {"fri": []}}),
    "a night": Case("2025-11-07 23:00", "2025-11-08 07:00", 420, {"hours": NIGHT}),
}


def test_business_minutes_are_those_of_the_hours_that_are_configured(
    warehouse: DbtWarehouse,
) -> None:
    load_tickets(
        warehouse,
        *(
            {"created_at": f"{case.opened}Z", "solved_at": f"{case.solved}Z", "channel": name}
            for name, case in CASES.items()
        ),
    )
    found = business_minutes(
        warehouse, calendars=[{"channels": [name], **case.hours} for name, case in CASES.items()]
    )
    assert dict(zip(CASES, found, strict=True)) == {
        name: case.minutes for name, case in CASES.items()
    }


def test_a_day_of_24_hours_has_23_when_the_clocks_change(warehouse: DbtWarehouse) -> None:
    load_tickets(
        warehouse, {"created_at": "2025-03-29T23:00:00Z", "solved_at": "2025-03-30T22:00:00Z"}
    )
    around_the_clock = {"start": "00:00", "end": "24:00", "days": list(range(1, 8))}
    found = business_minutes(warehouse, "Europe/Berlin", business_hours=around_the_clock)
    assert found == [23 * 60]


def test_the_first_calendar_that_fits_counts(warehouse: DbtWarehouse) -> None:
    """Each ticket is open from 8 to 18 o'clock; the hours differ by brand, channel and team."""
    warehouse.load("agents", [{"agent_id": "1", "team": "Night's"}], LOADED_AT)
    day = {"created_at": "2025-11-05T08:00:00Z", "solved_at": "2025-11-05T18:00:00Z"}
    load_tickets(
        warehouse,
        day,
        {**day, "brand": "A", "channel": "chat"},
        {**day, "brand": "A", "channel": "mail"},
        {**day, "brand": "B", "channel": "chat"},
        {**day, "agent_id": "1"},
        {**day, "agent_id": "1", "brand": "A", "channel": "chat"},
    )
    found = business_minutes(
        warehouse,
        calendars=[
            {"brands": ["A"], "channels": ["chat"], "start": "10:00", "end": "10:01"},
            {"brands": ["A", "B"], "start": "10:00", "end": "10:02"},
            {"teams": ["Night's"], "start": "10:00", "end": "10:04"},
        ],
    )
    assert found == [480, 1, 2, 2, 4, 1]


def test_the_horizon_of_a_watched_ticket_is_a_setting(warehouse: DbtWarehouse) -> None:
    load_tickets(
        warehouse, {"created_at": "2025-12-01T09:00:00Z", "solved_at": "2025-12-09T09:00:00Z"}
    )
    for days, is_in_time in ((7, False), (8, True)):
        build(warehouse, observation_days=days)
        found = warehouse.rows(
            "select is_solved_in_time, observed_minutes from marts.conversations"
        )
        assert found == [(is_in_time, days * 1440)]


def load_tickets(warehouse: DbtWarehouse, *tickets: dict[str, Any]) -> None:
    """Load tickets, numbered from 0."""
    rows = [{"ticket_id": str(number), **ticket} for number, ticket in enumerate(tickets)]
    warehouse.load("tickets", rows, LOADED_AT)


def business_minutes(warehouse: DbtWarehouse, time_zone: str = "UTC", **company: Any) -> list[int]:
    """Build by the calendars of a company, and return what each ticket took."""
    settings = Company(name="Acme", **company)
    build(warehouse, company_time_zone=time_zone, calendars=calendars(settings, NOW.year))
    found = warehouse.rows(
        "select resolution_business_minutes from marts.conversations"
        " order by length(conversation_key), conversation_key"
    )
    return [minutes for (minutes,) in found]


def build(warehouse: DbtWarehouse, **variables: Any) -> None:
    warehouse.build("+conversations", as_of=NOW.isoformat(), **variables)

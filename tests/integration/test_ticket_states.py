"""Risk: a ticket counts as solved or answered that is not, or by the time of something else."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT, NOW

pytestmark = pytest.mark.postgres

OPENED = datetime(NOW.year, NOW.month, NOW.day, 9, tzinfo=UTC) - timedelta(days=40)


def test_a_state_of_open_beats_the_time_of_an_old_solve(warehouse: DbtWarehouse) -> None:
    load_tickets(
        warehouse,
        {"status": "open", "solved_at": after(60)},
        {"status": "closed", "solved_at": after(180)},
        {"status": "pending", "solved_at": after(60)},
    )
    assert built(warehouse) == [(True, None), (False, 180), (True, None)]


def test_the_last_solve_is_the_one_that_counts(warehouse: DbtWarehouse) -> None:
    load_tickets(warehouse, {"solved_at": after(1500)}, {"solved_at": after(1500)})
    load_events(
        warehouse, (0, "solved", 1500), (0, "reopened", 2880), (0, "solved", 5820),
        (1, "solved", 1500), (1, "reopened", 2880),
    )  # fmt: skip
    assert built(warehouse) == [(False, 5820), (True, None)]


def test_a_reopening_in_the_minute_of_its_solve_loses_neither(warehouse: DbtWarehouse) -> None:
    """Exports with minutes: solved again, too without a state, opened again."""
    load_tickets(warehouse, {"status": "closed"}, {}, {"status": "open"}, {"status": "solved"})
    load_events(
        warehouse, (0, "solved", 60), (0, "reopened", 180), (0, "solved", 180),
        (1, "solved", 60), (1, "reopened", 180), (1, "closed", 180),
        (2, "solved", 60), (2, "reopened", 60), (3, "solved", 60), (3, "reopened", 60),
    )  # fmt: skip
    assert built(warehouse) == [(False, 180), (False, 180), (True, None), (False, 60)]


def test_a_desk_without_states_is_judged_by_its_events(warehouse: DbtWarehouse) -> None:
    load_tickets(warehouse, *({} for _ in range(40)))
    load_events(warehouse, *((number, "solved", 100) for number in range(40)))
    assert built(warehouse) == [(False, 100)] * 40
    median = warehouse.rows(
        "select value, n from intermediate.int_wait_measures where"
        " metric_id = 'full_resolution_time' and segment_name = 'company'"
    )
    assert median == [(100, 40)]


def test_a_solve_a_second_before_the_ticket_took_no_time(warehouse: DbtWarehouse) -> None:
    load_tickets(
        warehouse,
        {"status": "solved", "solved_at": OPENED - timedelta(seconds=1)},
        {"status": "solved", "solved_at": datetime(1970, 1, 1, tzinfo=UTC)},
    )
    assert built(warehouse) == [(False, 0), (False, None)]


def test_a_campaigns_message_is_no_reply_to_a_ticket(warehouse: DbtWarehouse) -> None:
    load_tickets(warehouse, {})
    load_messages(warehouse, (0, "outbound", 0.1, "K1"), (0, "inbound", 1), (0, "outbound", 31))
    assert waits(warehouse) == [(1, 31)]


def test_an_answer_by_a_slow_clock_is_an_answer_at_once(warehouse: DbtWarehouse) -> None:
    load_tickets(warehouse, {}, {})
    load_messages(warehouse, (0, "outbound", -1 / 60), (1, "outbound", -6))
    assert waits(warehouse) == [(1, 0), (1, None)]


def test_a_ticket_that_an_agent_opened_waits_from_the_customers_word(
    warehouse: DbtWarehouse,
) -> None:
    load_tickets(warehouse, {}, {}, {})
    load_messages(
        warehouse, (0, "outbound", 0), (0, "inbound", 60), (0, "outbound", 120),
        (1, "outbound", 0), (2, "outbound", 0), (2, "inbound", 60),
    )  # fmt: skip
    assert waits(warehouse) == [(1, 60), (0, None), (1, None)]
    watched = warehouse.rows(
        "select (observed_minutes - reply_observed_minutes)::int from marts.conversations"
        " where ticket_count = 1 order by conversation_key"
    )
    assert watched == [(60,), (60,)]


def test_rows_of_a_solve_count_where_they_happened(warehouse: DbtWarehouse) -> None:
    """Reopened twice and solved; reopened and not solved; merged; deleted; solved once."""
    load_tickets(warehouse, {}, {}, {"status": "merged"}, {}, {}, {"status": "open"})
    load_events(
        warehouse, (0, "solved", 10), (0, "reopened", 20), (0, "solved", 30), (0, "reopened", 40),
        (0, "solved", 50), (1, "solved", 10), (1, "reopened", 20), (2, "solved", 10),
        (2, "reopened", 20), (3, "solved", 10), (3, "reopened", 20), (4, "solved", 10),
    )  # fmt: skip
    warehouse.execute("delete from raw.tickets where ticket_id = '3'")
    warehouse.build("+scorecard", **AS_OF, minimum_n=1)
    assert figures(warehouse, OPENED) == {
        "ticket_volume": (4, None),
        "backlog": (2, None),
        "reopen_rate": (2, 3),
    }
    assert figures(warehouse, NOW) == {"ticket_volume": (0, None), "backlog": (2, None)}


def test_a_reply_more_is_one_too_many(warehouse: DbtWarehouse) -> None:
    """One reply, none, two; a bot's and a campaign's are none; solved once more after another."""
    load_tickets(warehouse, *({"solved_at": after(60)} for _ in range(4)), {})
    load_messages(
        warehouse, (0, "outbound", 30), (0, "outbound", 20, "K1"), (1, "inbound", 30),
        (2, "outbound", 30), (2, "outbound", 40), (3, "outbound", 62), (3, "outbound", 70),
        (4, "outbound", 30), (4, "outbound", 90),
    )  # fmt: skip
    load_events(warehouse, (4, "solved", 60), (4, "reopened", 80), (4, "solved", 100))
    warehouse.build("+scorecard", **AS_OF, minimum_n=1)
    assert figures(warehouse, OPENED)["one_touch_rate"] == (2, 5)


def test_a_target_that_nobody_promised_is_none(warehouse: DbtWarehouse) -> None:
    """The desk's own times go first; without any target a ticket doesn't count."""
    load_tickets(
        warehouse,
        {"solved_at": after(60), "priority": "high"},
        {"solved_at": after(61), "priority": "high"},
        {"solved_at": after(61), "priority": "high", "solve_due_at": after(61)},
        {"solved_at": after(10), "priority": "high", "solve_due_at": after(9)},
        {"solved_at": after(10), "priority": "low"},
        {"priority": "high", "solve_due_at": NOW + timedelta(days=1)},
    )
    levels = [
        {
            "priorities": ["high"],
            "clock": "calendar",
            "first_reply_minutes": None,
            "full_resolution_minutes": 60,
        }
    ]
    warehouse.build("+scorecard", **AS_OF, minimum_n=1, service_levels=levels)
    assert figures(warehouse, OPENED)["sla_attainment"] == (2, 4)
    judged = warehouse.rows(
        "select numerator, denominator from marts.scorecard"
        " where metric_id = 'sla_attainment' and segment_value = 'judged_share'"
    )
    assert judged == [(4, 5)]


def figures(warehouse: DbtWarehouse, at: datetime) -> dict[str, tuple[int, int | None]]:
    """Return numerator and denominator of the desk's metrics in the month of an instant."""
    rows = warehouse.rows(
        "select metric_id, numerator, denominator from marts.scorecard"
        " where segment_name = 'company' and period_start = %s and metric_id in ("
        "'ticket_volume', 'backlog', 'reopen_rate', 'one_touch_rate', 'sla_attainment')",
        at.date().replace(day=1),
    )
    return {metric: (numerator, denominator) for metric, numerator, denominator in rows}


def after(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def load_tickets(warehouse: DbtWarehouse, *tickets: Mapping[str, Any]) -> None:
    """Load tickets that were opened at the same time and are numbered from 0."""
    rows = [
        {"ticket_id": str(number), "created_at": OPENED, **ticket}
        for number, ticket in enumerate(tickets)
    ]
    warehouse.load("tickets", rows, LOADED_AT)


def load_events(warehouse: DbtWarehouse, *events: tuple[int, str, int]) -> None:
    """Load events of tickets, so many minutes after these were opened."""
    rows = [
        {
            "event_id": str(number),
            "ticket_id": str(ticket),
            "event_type": kind,
            "occurred_at": after(minutes),
        }
        for number, (ticket, kind, minutes) in enumerate(events)
    ]
    warehouse.load("ticket_events", rows, LOADED_AT)


def load_messages(warehouse: DbtWarehouse, *messages: tuple[Any, ...]) -> None:
    """Load messages of tickets: ticket, direction, minutes after its opening, campaign."""
    rows = [
        {
            "message_id": str(number),
            "ticket_id": str(ticket),
            "direction": direction,
            "sent_at": after(minutes),
            "campaign_id": campaign[0] if campaign else None,
            "is_public": False,
        }
        for number, (ticket, direction, minutes, *campaign) in enumerate(messages)
    ]
    warehouse.load("messages", rows, LOADED_AT)


def waits(warehouse: DbtWarehouse) -> list[tuple[int, int | None]]:
    """Build, and return of each ticket whether it waits for a reply, and for how many minutes."""
    built(warehouse)
    return warehouse.rows(
        "select ticket_count, first_reply_minutes from marts.conversations"
        " order by conversation_key"
    )


def built(warehouse: DbtWarehouse) -> list[tuple[bool, int | None]]:
    """Build, and return of each ticket whether it is open and how many minutes it took."""
    warehouse.build("+conversations +int_wait_measures", **AS_OF)
    return warehouse.rows(
        "select is_open, resolution_minutes from marts.conversations"
        " order by length(conversation_key), conversation_key"
    )

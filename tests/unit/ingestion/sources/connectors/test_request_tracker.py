"""Risk: what happened to tickets of a Request Tracker means something else here.

The vendor's answers follow https://docs.bestpractical.com/rt/5.0.8/RT/REST2.html and the source of
RT 5.0.8.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {"kind": "request_tracker", "address": "{url}", "token": "a-token"}
OPENED = "2026-05-01T08:00:00Z"
NEVER = "1970-01-01T00:00:00Z"
SIZE = 3
# The count of pages is null where rights are looked at record by record.
NEXT = Pages(
    position("page"),
    around=lambda turn: {"pages": None, **({"next_page": turn.url} if turn.has_more else {})},
)


def since_sql(changed: str, query: str) -> bool:
    """Compare as TicketSQL does, a day without a time from its beginning."""
    return query == "id > 0" or changed > query.split("'")[1]


def since_json(created: str, query: str) -> bool:
    days = [each["value"] for each in json.loads(query) if each["field"] == "Created"]
    return all(created > day for day in days)


def vendor() -> Vendor:
    """Return a Request Tracker with one ticket that was taken, answered and resolved."""
    rest = "/REST/2.0"
    desk = Vendor(
        (
            listing("tickets", f"{rest}/tickets", ("query", "LastUpdated"), since_sql),
            listing("transactions", f"{rest}/transactions", ("query", "Created"), since_json),
            listing("staff", f"{rest}/users/privileged"),
            listing("requestors", f"{rest}/users/unprivileged"),
        ),
        {"Authorization": "token a-token"},
    )
    user(desk, "staff", 30, "bo", "bo@acme.example", Organization="Helpdesk")
    user(desk, "requestors", 31, "ann@example.com", "ann@example.com", MobilePhone="030 1234567")
    ticket(desk, "7")
    transaction(desk, 1, "Create", "ann@example.com", 8)
    transaction(desk, 2, "SetWatcher", "bo", 9, Field="Owner", OldValue="6", NewValue="30")
    transaction(desk, 3, "Correspond", "bo", 10)
    status(desk, 4, "open", "resolved", 11)
    return desk


def listing(name: str, path: str, since: Any = None, is_later: Any = None) -> Listing:
    later = {"is_later": is_later} if is_later else {}
    return Listing(name, path, "items", NEXT, since, SIZE, **later)


def user(desk: Vendor, kind: str, number: int, name: str, email: str, **more: Any) -> None:
    given = {"type": "user", "id": number, "Name": name, "EmailAddress": email, "Created": OPENED}
    desk.put(kind, given | more)


def ticket(desk: Vendor, number: str, **changed: Any) -> None:
    given = {
        "type": "ticket",
        "id": number,
        "Status": "resolved",
        "Created": OPENED,
        "LastUpdated": "2026-05-01T11:00:00Z",
        "Resolved": "2026-05-01T11:00:00Z",
        "Due": NEVER,
        "Owner": {"type": "user", "id": "bo"},
        "Requestor": [{"type": "user", "id": "ann@example.com"}],
        "Queue": {"type": "queue", "id": "1", "Name": "Orders"},
        "Priority": "0",
    }
    desk.put("tickets", given | changed)


def transaction(
    desk: Vendor, number: int, kind: str, creator: str, hour: int, **changed: Any
) -> None:
    given = {
        "type": "transaction",
        "id": str(number),
        "Type": kind,
        "Field": "",
        "OldValue": "",
        "NewValue": "",
        "ObjectId": 7,
        "Created": f"2026-05-01T{hour:02}:00:00Z",
        "Creator": {"type": "user", "id": creator},
    }
    desk.put("transactions", given | changed)


def status(desk: Vendor, number: int, old: str, new: str, hour: int) -> None:
    changed = {"Field": "Status", "OldValue": old, "NewValue": new}
    transaction(desk, number, "Status", "bo", hour, **changed)


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int) -> datetime:
    return datetime(2026, 5, 1, hour, tzinfo=UTC)


def test_a_ticket_says_who_asked_in_which_queue_and_when_it_was_resolved(desk):
    assert load(source_of(desk, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "ann@example.com",
        "created_at": at(8),
        "solved_at": at(11),
        "status": "solved",
        "topic": "Orders",
        "agent_id": "bo",
        "priority": "0",
    }


def test_1970_is_no_time_nobody_no_agent_and_a_state_of_ones_own_waits(desk):
    owner = {"type": "user", "id": "Nobody"}
    ticket(desk, "7", Status="with supplier", Resolved=NEVER, Owner=owner)
    found = load(source_of(desk, SECTION)).one("tickets")
    assert found["status"] == "pending"
    assert {"solved_at", "agent_id", "solve_due_at"} & found.keys() == set()


def test_agents_customers_and_the_system_are_told_apart_and_comments_are_internal(desk):
    transaction(desk, 5, "Comment", "bo", 12)
    transaction(desk, 6, "Correspond", "RT_System", 13)
    transaction(desk, 7, "EmailRecord", "RT_System", 13)
    columns = ("message_id", "direction", "author_kind", "author_id", "is_internal")
    assert load(source_of(desk, SECTION)).of("messages", *columns) == [
        ("1", "inbound", "customer", "ann@example.com", False),
        ("3", "outbound", "agent", "bo", False),
        ("5", "outbound", "agent", "bo", True),
        ("6", "outbound", "bot", "RT_System", False),
    ]


def test_states_and_owners_are_events(desk):
    status(desk, 5, "resolved", "open", 12)
    status(desk, 6, "open", "stalled", 13)
    status(desk, 7, "stalled", "rejected", 14)
    columns = ("event_id", "event_type", "occurred_at", "agent_id")
    assert sorted(load(source_of(desk, SECTION)).of("ticket_events", *columns)) == [
        ("1", "created", at(8), None),
        ("2", "assigned", at(9), "bo"),
        ("4", "solved", at(11), "bo"),
        ("5", "reopened", at(12), "bo"),
        ("7", "closed", at(14), "bo"),
    ]


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "Status", "Field": "Status", "OldValue": "open", "NewValue": "deleted"},
        {"kind": "AddLink", "Field": "MergedInto"},
    ],
)
def test_a_ticket_that_was_deleted_or_merged_leaves(desk, event):
    ticket(desk, "8")
    source = source_of(desk, SECTION)
    state = load(source).state
    desk.delete("tickets", "8")
    transaction(desk, 9, event.pop("kind"), "bo", 12, ObjectId=8, **event)
    assert load(source, state).left["tickets"] == [{"ticket_id": "8"}]


def test_a_change_on_the_day_of_the_last_load_is_not_missed(desk):
    source = source_of(desk, SECTION)
    state = load(source).state
    ticket(desk, "7", Status="open", LastUpdated="2026-05-01T11:30:00Z")
    status(desk, 5, "resolved", "open", 12)
    again = load(source, state)
    assert again.of("tickets", "status") == ["open"]
    assert again.of("ticket_events", "event_id") == ["5"]


def test_staff_who_ask_are_no_customers_of_the_figures(desk):
    customers = load(source_of(desk, SECTION)).of("customers", "customer_id", "phone", "is_staff")
    assert sorted(customers) == [("ann@example.com", "030 1234567", None), ("bo", None, True)]


def test_an_agent_has_the_organization_for_a_team(desk):
    assert load(source_of(desk, SECTION)).of("agents", "agent_id", "team") == [("bo", "Helpdesk")]

"""Risk: what agents and customers did in a Zammad is missed, or means something else here.

The vendor's answers follow https://docs.zammad.org/en/latest/api/ (read in November 2026). The
history of a ticket and the types of states are those of Zammad's own source: History.list, and
db/seeds.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, page_number

SECTION = {"kind": "zammad", "address": "{url}", "token": "a-token"}
CHANGED_AFTER = "condition[ticket.updated_at][value]"
OPENED = "2026-05-01T08:00:00.000Z"
SYSTEM, ANN, FINN = 1, 11, 90
NEW, OPEN, CLOSED, PARCEL_LOST = 1, 2, 4, 9


def vendor() -> Vendor:
    """Return a Zammad with one ticket that was answered and closed."""
    numbered = Pages(page_number("page"))
    changes = (CHANGED_AFTER, "updated_at")
    desk = Vendor(
        (
            Listing("tickets", "/api/v1/tickets/search", "", numbered, changes),
            Listing("articles", "/api/v1/ticket_articles/by_ticket/{ticket_id}", size=99),
            Listing("history", "/api/v1/ticket_history/{o_id}", "history", size=99),
            Listing("users", "/api/v1/users", "", numbered),
            Listing("states", "/api/v1/ticket_states", size=99),
        ),
        {"Authorization": "Token token=a-token"},
    )
    for number, kind in (
        (NEW, 1),
        (OPEN, 2),
        (3, 3),
        (CLOSED, 5),
        (5, 6),
        (6, 7),
        (PARCEL_LOST, 5),
    ):
        desk.put("states", {"id": number, "state_type_id": kind})
    user(desk, SYSTEM)
    user(desk, ANN, email="ann@example.com", roles=["Customer"])
    user(desk, FINN, email="finn@acme.example", roles=["Agent"], groups={"2nd Level": ["full"]})
    ticket(desk, 7)
    article(desk, 70)
    article(desk, 71, sender="Agent", created_by_id=FINN, body="On its <b>way</b>")
    happened(desk, 500, type="created")
    happened(desk, 501, attribute="owner", id_from=SYSTEM, id_to=FINN, hour=9)
    happened(desk, 502, attribute="state", id_from=NEW, id_to=CLOSED, hour=10)
    return desk


def ticket(desk: Vendor, number: int, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": number,
        "state_id": CLOSED,
        "owner_id": FINN,
        "customer_id": ANN,
        "created_by_id": ANN,
        "priority": "2 normal",
        "create_article_type": "email",
        "close_at": "2026-05-01T10:00:00.000Z",
        "last_close_at": None,
        "created_at": OPENED,
        "updated_at": "2026-05-01T10:00:00.000Z",
        "category": "delivery",
    }
    desk.put("tickets", given | changed)


def article(desk: Vendor, number: int, **changed: Any) -> None:
    given = {
        "id": number,
        "ticket_id": 7,
        "type": "email",
        "sender": "Customer",
        "content_type": "text/html",
        "body": "Where is<br>my parcel?",
        "internal": False,
        "created_by_id": ANN,
        "origin_by_id": None,
        "created_at": OPENED,
    }
    desk.put("articles", given | changed)


def happened(desk: Vendor, number: int, *, hour: int = 8, **fields: Any) -> None:
    at = f"2026-05-01T{hour:02}:00:00.000Z"
    given = {"id": number, "o_id": 7, "object": "Ticket", "type": "updated", "created_at": at}
    desk.put("history", given | {"created_by_id": FINN} | fields)


def user(desk: Vendor, number: int, **fields: Any) -> None:
    given: dict[str, Any] = {"id": number, "email": "", "phone": "", "mobile": ""}
    given |= {"roles": [], "groups": {}, "created_at": OPENED, "updated_at": OPENED}
    desk.put("users", given | fields)


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_a_ticket_says_who_asked_where_and_when_it_was_closed(desk):
    assert load(source_of(desk, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "11",
        "created_at": at(8),
        "solved_at": at(10),
        "status": "closed",
        "channel": "email",
        "agent_id": "90",
        "priority": "2 normal",
    }


def test_the_owner_of_tickets_that_nobody_has_is_no_agent(desk):
    ticket(desk, 7, owner_id=SYSTEM)
    assert load(source_of(desk, SECTION)).of("tickets", "agent_id") == [None]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (NEW, "open"),
        (OPEN, "open"),
        (3, "pending"),
        (5, "merged"),
        (6, "merged"),
        (PARCEL_LOST, "closed"),
    ],
)
def test_states_count_by_their_type_and_merged_and_removed_tickets_count_nowhere(
    desk, state, status
):
    ticket(desk, 7, state_id=state)
    assert load(source_of(desk, SECTION)).of("tickets", "status") == [status]


def test_what_happened_to_a_ticket_keeps_its_order_and_its_agent(desk):
    happened(desk, 503, attribute="state", id_from=CLOSED, id_to=OPEN, hour=11, created_by_id=ANN)
    happened(desk, 504, attribute="state", id_from=OPEN, id_to=PARCEL_LOST, hour=12)
    happened(desk, 505, attribute="title", value_from="a", value_to="b", hour=13)
    happened(desk, 506, attribute="state", object="Ticket::Article", id_to=OPEN, hour=14)
    events = load(source_of(desk, SECTION)).of(
        "ticket_events", "event_type", "occurred_at", "agent_id"
    )
    assert sorted(events, key=lambda each: each[1]) == [
        ("created", at(8), "11"),
        ("assigned", at(9), "90"),
        ("closed", at(10), "90"),
        ("reopened", at(11), "11"),
        ("closed", at(12), "90"),
    ]


def test_a_desk_on_which_nothing_happened_yet_is_no_fault(desk):
    desk.delete("history", 501)
    desk.delete("history", 502)
    assert load(source_of(desk, SECTION)).of("ticket_events", "event_type") == ["created"]


def test_articles_have_the_direction_of_their_sender_and_notes_are_internal(desk):
    article(desk, 72, sender="Customer", type="phone", created_by_id=FINN, origin_by_id=ANN)
    article(desk, 73, sender="Agent", type="note", internal=True, created_by_id=FINN)
    article(desk, 74, sender="System", created_by_id=SYSTEM)
    messages = load(source_of(desk, SECTION)).of(
        "messages", "message_id", "direction", "author_kind", "author_id", "channel", "is_internal"
    )
    assert messages == [
        ("70", "inbound", "customer", "11", "email", False),
        ("71", "outbound", "agent", "90", "email", False),
        ("72", "inbound", "customer", "11", "phone", False),
        ("73", "outbound", "agent", "90", "note", True),
        ("74", "outbound", "bot", None, "email", False),
    ]


def test_a_body_is_what_a_reader_sees_of_it(desk):
    article(desk, 72, content_type="text/plain", body="3 < 5 and 7 > 5")
    texts = load(source_of(desk, SECTION)).of("messages", "text")
    assert texts == ["Where is\nmy parcel?", "On its way", "3 < 5 and 7 > 5"]


@pytest.mark.parametrize(
    ("kind", "is_public"), [("twitter status", True), ("twitter direct-message", False)]
)
def test_posts_are_public_and_messages_are_not(desk, kind, is_public):
    article(desk, 70, type=kind)
    messages = load(source_of(desk, SECTION)).of("messages", "channel", "is_public")
    assert messages[0] == ("twitter", is_public)


def test_agents_are_no_customers_and_have_the_team_of_their_group(desk):
    user(desk, 91, roles=["Vertrieb"], groups={"Außendienst": ["read"], "Sales": ["full"]})
    roles = {"staff_roles": ["Agent", "Vertrieb"]}
    loaded = load(source_of(desk, {**SECTION, **roles}))
    assert loaded.of("agents", "agent_id", "team") == [("90", "2nd Level"), ("91", "Außendienst")]
    staff = [("11", False), ("90", True), ("91", True)]
    assert loaded.of("customers", "customer_id", "is_staff") == staff


def test_a_ticket_that_changed_comes_again_with_its_articles_and_others_do_not(desk):
    ticket(desk, 8)
    source = source_of(desk, SECTION)
    state = load(source).state
    ticket(desk, 7, state_id=OPEN, updated_at="2026-05-03T08:00:00.000Z")
    article(desk, 72, created_at="2026-05-03T08:00:00.000Z")
    again = load(source, state)
    assert again.of("tickets", "ticket_id", "status") == [("7", "open")]
    assert "72" in again.of("messages", "message_id")


def test_a_field_of_ones_own_is_one_line(desk):
    own = {"tickets": {"columns": {"topic": "category"}}}
    loaded = load(source_of(desk, {**SECTION, "entities": own}))
    assert loaded.of("tickets", "topic") == ["delivery"]

"""Risk: what customers, teammates and bots said in an Intercom means something else here.

The vendor's answers follow Intercom's API 2.14, of which ../shared has the OpenAPI document;
https://developers.intercom.com/docs/references/rest-api/api.intercom.io/ explains it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {"kind": "intercom", "address": "{url}", "token": "a-token"}
OPENAPI = Path(__file__).parents[6] / "shared" / "specs" / "intercom_2.14.openapi.yaml"
DAY = 86_400
OPENED = 1_777_622_400  # 2026-05-01 08:00 UTC
CONTACT = {
    "id": "c1",
    "role": "user",
    "email": "ann@example.com",
    "phone": None,
    "created_at": OPENED,
    "updated_at": OPENED,
}
RATING = {
    "rating": 5,
    "remark": "Great",
    "created_at": OPENED + 7200,
    "updated_at": OPENED + 7260,
    "contact": {"type": "contact", "id": "c1"},
    "teammate": {"type": "admin", "id": "90"},
}
PAGES = Pages(
    position("pagination.starting_after"),
    around=lambda turn: {"pages": pages(turn.end) if turn.has_more else {"type": "pages"}},
)


def pages(end: int) -> dict[str, Any]:
    return {"type": "pages", "next": {"per_page": 3, "starting_after": str(end)}}


def is_later_day(changed: int, since: str) -> bool:
    return changed // DAY > int(since) // DAY


def vendor() -> Vendor:
    """Return an Intercom with one conversation that was answered, closed and rated."""
    changed = ("query.value", "updated_at")
    inbox = Vendor(
        (
            Listing(
                "conversations",
                "/conversations/search",
                "conversations",
                PAGES,
                changed,
                shown=without_parts,
                is_later=lambda at, since: at > int(since),
            ),
            Listing("conversations", "/conversations/{id}", is_single=True),
            Listing("contacts", "/contacts/search", "data", PAGES, changed, is_later=is_later_day),
            Listing("admins", "/admins", "admins", size=9),
            Listing("teams", "/teams", "teams", size=9),
        ),
        {"Authorization": "Bearer a-token", "Intercom-Version": "2.14"},
    )
    inbox.put("contacts", CONTACT)
    inbox.put("admins", {"type": "admin", "id": "90", "name": "Bo", "team_ids": [3]})
    inbox.put("admins", {"type": "admin", "id": "91", "name": "Cy", "team_ids": []})
    inbox.put("teams", {"type": "team", "id": "3", "name": "Helpdesk", "admin_ids": [90]})
    conversation(
        inbox,
        part(1, "comment", author=admin(), body="On its way"),
        part(2, "assignment", author=admin("91"), assigned_to={"type": "admin", "id": "90"}),
        part(3, "close", author=admin()),
    )
    return inbox


def without_parts(conversation: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in conversation.items() if key != "conversation_parts"}


def conversation(inbox: Vendor, *parts: dict[str, Any], **changed: Any) -> None:
    given = {
        "id": "7",
        "created_at": OPENED,
        "updated_at": OPENED + 7200,
        "state": "closed",
        "priority": "priority",
        "admin_assignee_id": 90,
        "source": source("user", "c1"),
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "c1"}]},
        "statistics": {"last_close_at": OPENED + 3600, "count_reopens": 0},
        "conversation_rating": RATING,
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "5", "name": "Delivery"}]},
        "conversation_parts": {"conversation_parts": list(parts), "total_count": len(parts)},
    }
    inbox.put("conversations", given | changed)


def source(kind: str, author: str, delivered_as: str = "customer_initiated") -> dict[str, Any]:
    return {
        "type": "conversation",
        "delivered_as": delivered_as,
        "body": "Where is my parcel?",
        "author": {"type": kind, "id": author, "from_ai_agent": False},
    }


def part(number: int, part_type: str, **given: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "part_type": part_type,
        "body": None,
        "created_at": OPENED + 600 * number,
        "assigned_to": None,
        **given,
    }


def admin(number: str = "90") -> dict[str, Any]:
    return {"type": "admin", "id": number, "from_ai_agent": False}


def user() -> dict[str, Any]:
    return {"type": "user", "id": "c1", "from_ai_agent": False}


@pytest.fixture
def inbox():
    with serving(vendor()) as inbox:
        yield inbox


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 1, hour, minute, tzinfo=UTC)


def test_a_conversation_says_who_asked_how_and_when_it_was_closed(inbox):
    assert load(source_of(inbox, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "c1",
        "created_at": at(8),
        "solved_at": at(9),
        "status": "closed",
        "channel": "chat",
        "agent_id": "90",
        "priority": "priority",
    }


def test_a_snoozed_conversation_of_nobody_waits(inbox):
    conversation(inbox, state="snoozed", admin_assignee_id=None, statistics=None)
    ticket = load(source_of(inbox, SECTION)).one("tickets")
    assert ticket["status"] == "pending"
    assert {"agent_id", "solved_at"} & ticket.keys() == set()


def test_customers_teammates_and_bots_are_told_apart_and_notes_are_internal(inbox):
    fin = {"type": "admin", "id": "278", "from_ai_agent": True}
    conversation(
        inbox,
        part(1, "comment", author=fin, body="Have you looked at the tracking?"),
        part(2, "comment", author=user(), body="Yes"),
        part(3, "note", author=admin(), body="Lost, I think"),
        part(4, "comment", author={"type": "bot", "id": "2"}, body="We are closed"),
        part(5, "comment", author={"type": "what comes next", "id": "3"}, body="Hello"),
    )
    columns = ("message_id", "direction", "author_kind", "author_id", "is_internal")
    assert load(source_of(inbox, SECTION)).of("messages", *columns) == [
        ("source:7", "inbound", "customer", "c1", False),
        ("1", "outbound", "bot", "278", False),
        ("2", "inbound", "customer", "c1", False),
        ("3", "outbound", "agent", "90", True),
        ("4", "outbound", "bot", "2", False),
        ("5", "outbound", "bot", "3", False),
    ]


def test_words_that_come_with_a_change_of_state_are_messages_and_a_change_alone_is_none(inbox):
    conversation(
        inbox,
        part(1, "close", author=admin()),
        part(2, "open", author=user(), body="Still nothing"),
        part(3, "close", author=admin(), body="Now it is there"),
        part(4, "conversation_rating_changed", author=user(), body="5"),
        part(5, "close", author=admin() | {"from_ai_agent": True}, body="Glad to help"),
    )
    columns = ("message_id", "direction", "author_kind")
    assert load(source_of(inbox, SECTION)).of("messages", *columns)[1:] == [
        ("2", "inbound", "customer"),
        ("3", "outbound", "agent"),
        ("5", "outbound", "bot"),
    ]


@pytest.mark.parametrize(
    ("began", "expected"),
    [
        (source("admin", "90", "admin_initiated"), ("outbound", "agent")),
        (source("admin", "90", "automated"), ("outbound", "bot")),
        (source("bot", "2", "operator_initiated"), ("outbound", "bot")),
        (source("user", "c1", "operator_initiated"), ("inbound", "customer")),
        ({"type": "twitter", "delivered_as": "customer_initiated", "body": "-", "author": None},
         ("inbound", "customer")),
    ],
)  # fmt: skip
def test_what_began_a_conversation_is_of_whom_it_was(inbox, began, expected):
    conversation(inbox, source=began)
    (message,) = load(source_of(inbox, SECTION)).of("messages", "direction", "author_kind")
    assert message == expected


def test_closings_reopenings_and_assignments_are_events(inbox):
    conversation(
        inbox,
        part(1, "assignment", author=admin("91"), assigned_to={"type": "admin", "id": "90"}),
        part(2, "assignment", author=admin("91"), assigned_to={"type": "team", "id": "3"}),
        part(3, "close", author=admin()),
        part(4, "open", author=user(), body="Still nothing"),
    )
    columns = ("event_id", "event_type", "occurred_at", "agent_id")
    assert load(source_of(inbox, SECTION)).of("ticket_events", *columns) == [
        ("created:7", "created", at(8), None),
        ("3", "closed", at(8, 30), "90"),
        ("4", "reopened", at(8, 40), None),
        ("assigned:1", "assigned", at(8, 10), "90"),
    ]


def test_a_rating_that_was_asked_for_and_not_given_is_an_offer(inbox):
    rated = load(source_of(inbox, SECTION)).one("satisfaction_ratings")
    assert (rated["score"], rated["scale_max"], rated["satisfied_from"]) == (5, 5, 4)
    assert (rated["offered_at"], rated["rated_at"]) == (at(10), at(10, 1))
    conversation(inbox, conversation_rating=RATING | {"rating": None})
    offered = load(source_of(inbox, SECTION)).one("satisfaction_ratings")
    assert {"score", "rated_at"} & offered.keys() == set()


def test_teammates_have_their_first_team_and_stay_without_one(inbox):
    agents = load(source_of(inbox, SECTION)).of("agents", "agent_id", "team")
    assert agents == [("90", "Helpdesk"), ("91", None)]


def test_an_answered_conversation_comes_again_with_its_parts_and_others_are_not_asked_for(inbox):
    source = source_of(inbox, SECTION)
    state = load(source).state
    answered = part(4, "open", author=user(), body="Still nothing")
    conversation(inbox, answered, state="open", updated_at=OPENED + 9000)
    again = load(source, state)
    assert again.of("tickets", "status") == ["open"]
    assert "4" in again.of("messages", "message_id")
    inbox.asked.clear()
    load(source, again.state)
    assert [each.path for each in inbox.asked if each.path == "/conversations/7"] == []


def test_a_contact_that_changes_on_the_day_of_the_last_load_is_not_missed(inbox):
    source = source_of(inbox, SECTION)
    state = load(source).state
    inbox.put("contacts", CONTACT | {"email": "ann@work.example", "updated_at": OPENED + 60})
    assert load(source, state).of("customers", "email") == ["ann@work.example"]


def test_a_tag_is_a_topic_in_one_line(inbox):
    own = {"tickets": {"columns": {"topic": "tags.tags[first].name"}}}
    assert load(source_of(inbox, {**SECTION, "entities": own})).of("tickets", "topic") == [
        "Delivery"
    ]


@pytest.mark.shared
@pytest.mark.skipif(not OPENAPI.exists(), reason=f"needs ../shared: {OPENAPI.name} is absent")
def test_every_field_that_is_served_and_every_call_is_in_the_api_document(inbox):
    api = yaml.load(OPENAPI.read_text(), yaml.CSafeLoader)
    load(source_of(inbox, SECTION))
    documented = {path.replace("{conversation_id}", "7") for path in api["paths"]}
    assert {each.path for each in inbox.asked} <= documented
    schemas = {
        name: each.get("properties", {}) for name, each in api["components"]["schemas"].items()
    }
    (whole,) = inbox.objects["conversations"]
    for schema, given in {
        "conversation": whole,
        "conversation_source": whole["source"],
        "conversation_statistics": whole["statistics"],
        "conversation_rating": whole["conversation_rating"],
        "conversation_part": whole["conversation_parts"]["conversation_parts"][0],
        "conversation_part_author": whole["source"]["author"],
        "contact": CONTACT,
        "admin": inbox.objects["admins"][0],
        "team": inbox.objects["teams"][0],
    }.items():
        assert given.keys() <= schemas[schema].keys(), schema
    searched = json.loads(next(each.body for each in inbox.asked if each.body))
    assert searched["query"].keys() <= schemas["single_filter_search_request"].keys()

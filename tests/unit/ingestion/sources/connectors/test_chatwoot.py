"""Risk: what agents and customers did in a Chatwoot is missed, or means something else here.

The vendor's answers follow https://developers.chatwoot.com/api-reference/ (conversations filter,
messages, conversation reporting events, agents, teams; read in November 2026). What it leaves out
is Chatwoot's own source: MessageFinder, FilterService and the views, csat_survey_responses.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import Asked, serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, page_number, unsettled

SECTION = {"kind": "chatwoot", "address": "{url}", "account": 7, "access_token": "a-token"}
ANN, FINN = 11, 90
CONTACT = {"id": ANN, "type": "contact", "email": "ann@example.com", "phone_number": None}
AGENT = {"id": FINN, "type": "user", "name": "Finn"}


def after(asked: Asked, found: list[Any], size: int) -> int:
    """Messages have numbers of all conversations; those after one are asked for."""
    last = int(asked.params.get("after", 0))
    return sum(each["id"] <= last for each in found)


def is_on_a_later_day(value: int, payload: str) -> bool:
    (day,) = re.findall(r"\d{4}-\d\d-\d\d", payload)
    return datetime.fromtimestamp(value, UTC).date().isoformat() > day


def vendor() -> Vendor:
    """Return a Chatwoot with one conversation that was answered, resolved and rated."""
    root, numbered = "/api/v1/accounts/7", Pages(page_number("page"))
    of_one = f"{root}/conversations/{{conversation_id}}"
    desk = Vendor(
        (
            Listing(
                "conversations",
                f"{root}/conversations/filter",
                "payload",
                numbered,
                ("payload", "last_activity_at"),
                is_later=is_on_a_later_day,
            ),
            Listing("messages", f"{of_one}/messages", "payload", Pages(after)),
            Listing("events", f"{of_one}/reporting_events", size=99),
            Listing(
                "ratings",
                f"{root}/csat_survey_responses",
                "",
                Pages(unsettled(page_number("page"), lambda asked: "sort" in asked.params)),
                ("since", "created_at"),
                is_later=lambda value, since: value >= int(since),
            ),
            Listing("agents", f"{root}/agents", size=99),
            Listing("teams", f"{root}/teams", size=99),
            Listing("members", f"{root}/teams/{{team_id}}/team_members", size=99),
        ),
        {"api_access_token": "a-token"},
    )
    conversation(desk, 7)
    message(desk, 70, content="Where is my parcel?")
    message(desk, 71, message_type=1, sender=AGENT, content="On its way")
    happened(desk, 500, "conversation_opened", value=0)
    happened(desk, 501, "conversation_resolved", hour=10)
    rating(desk, 30, 5)
    desk.put("agents", {"id": FINN})
    desk.put("agents", {"id": 91})
    desk.put("teams", {"id": 3, "name": "sales"})
    desk.put("members", {"id": FINN, "team_id": 3})
    return desk


def unix(hour: int, day: int = 1) -> int:
    return int(datetime(2026, 5, day, hour, tzinfo=UTC).timestamp())


def conversation(desk: Vendor, number: int, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": number,
        "status": "resolved",
        "priority": "high",
        "labels": ["delivery", "vip"],
        "custom_attributes": {"brand": "Acme"},
        "meta": {
            "sender": {**CONTACT, "created_at": unix(7)},
            "channel": "Channel::WebWidget",
            "assignee": AGENT,
        },
        "created_at": unix(8),
        "last_activity_at": unix(10),
    }
    desk.put("conversations", given | changed)


def message(desk: Vendor, number: int, **changed: Any) -> None:
    given = {
        "id": number,
        "conversation_id": 7,
        "message_type": 0,
        "content": "Hello",
        "content_attributes": {},
        "private": False,
        "sender": CONTACT,
        "created_at": unix(8),
    }
    desk.put("messages", given | changed)


def happened(desk: Vendor, number: int, name: str, *, value: float = 60, hour: int = 8) -> None:
    at = f"2026-05-01T{hour:02}:00:00.000Z"
    given = {"id": number, "conversation_id": 7, "name": name, "value": value, "user_id": FINN}
    desk.put("events", given | {"event_end_time": at})


def rating(desk: Vendor, number: int, score: int) -> None:
    given = {"id": number, "rating": score, "conversation_id": 7, "created_at": unix(10, 2)}
    desk.put("ratings", given | {"contact": CONTACT, "assigned_agent": AGENT})


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_a_conversation_says_who_asked_where_and_who_has_it(desk):
    loaded = load(source_of(desk, SECTION))
    assert loaded.one("tickets") == {
        "ticket_id": "7",
        "customer_id": "11",
        "created_at": at(8),
        "status": "solved",
        "channel": "chat",
        "topic": "delivery",
        "agent_id": "90",
        "priority": "high",
    }
    assert loaded.one("customers") == {
        "customer_id": "11",
        "email": "ann@example.com",
        "created_at": at(7),
    }


@pytest.mark.parametrize(
    ("given", "status"), [("open", "open"), ("pending", "pending"), ("snoozed", "pending")]
)
def test_snoozed_conversations_and_those_of_a_bot_wait(desk, given, status):
    conversation(desk, 7, status=given)
    assert load(source_of(desk, SECTION)).of("tickets", "status") == [status]


@pytest.mark.parametrize(
    ("given", "channel"),
    [("Channel::Email", "email"), ("Channel::TwilioSms", "sms"), ("Channel::Whatsapp", "whatsapp")],
)
def test_channels_have_the_names_that_other_desks_give_them(desk, given, channel):
    conversation(desk, 7, meta={"sender": {**CONTACT, "created_at": unix(7)}, "channel": given})
    tickets = load(source_of(desk, SECTION)).of("tickets", "channel", "agent_id")
    assert tickets == [(channel, None)]


def test_a_bot_that_has_a_conversation_is_not_the_agent_of_the_same_number(desk):
    bot = {"sender": CONTACT, "assignee": {"id": FINN, "name": "Bot"}, "assignee_type": "AgentBot"}
    conversation(desk, 7, meta={"channel": "Channel::Api", **bot})
    assert load(source_of(desk, SECTION)).of("tickets", "agent_id") == [None]


def test_a_conversation_is_reopened_by_what_comes_after_a_resolution_alone(desk):
    happened(desk, 502, "conversation_opened", value=3600, hour=11)
    happened(desk, 503, "first_response", hour=9)
    events = load(source_of(desk, SECTION)).of(
        "ticket_events", "ticket_id", "event_type", "occurred_at"
    )
    assert events == [("7", "solved", at(10)), ("7", "reopened", at(11))]


def test_a_community_edition_that_has_no_events_is_read_without_them(desk):
    desk.listings = tuple(each for each in desk.listings if each.name != "events")
    loaded = load(source_of(desk, SECTION))
    assert loaded.of("tickets", "status") == ["solved"]
    assert loaded.of("ticket_events") == []


def test_messages_have_the_direction_of_their_type_and_notes_are_internal(desk):
    message(desk, 72, message_type=1, sender=AGENT, private=True)
    message(desk, 73, message_type=3, sender=None, content="Please rate us")
    message(desk, 74, message_type=1, sender={"id": 5, "type": "agent_bot"})
    messages = load(source_of(desk, SECTION)).of(
        "messages", "message_id", "direction", "author_kind", "author_id", "is_internal"
    )
    assert messages == [
        ("70", "inbound", "customer", "11", False),
        ("71", "outbound", "agent", "90", False),
        ("72", "outbound", "agent", "90", True),
        ("73", "outbound", "bot", None, False),
        ("74", "outbound", "bot", None, False),
    ]


def test_what_an_agent_wrote_in_the_channels_own_app_is_no_bots(desk):
    message(desk, 72, message_type=1, sender=None, content_attributes={"external_echo": True})
    message(desk, 73, message_type=1, sender=None, content_attributes={"automation_rule_id": 4})
    kinds = load(source_of(desk, SECTION)).of("messages", "message_id", "author_kind")
    assert kinds[2:] == [("72", "agent"), ("73", "bot")]


def test_what_happened_and_what_was_deleted_is_no_message(desk):
    message(desk, 72, message_type=2, content="Finn resolved it")
    message(desk, 73, content="This message was deleted", content_attributes={"deleted": True})
    assert load(source_of(desk, SECTION)).of("messages", "message_id") == ["70", "71"]


def test_all_messages_are_read_and_not_the_last_ones_alone(desk):
    for number in range(100, 110):
        message(desk, number)
    assert len(load(source_of(desk, SECTION)).of("messages")) == 12


def test_a_conversation_that_went_on_comes_again_and_others_do_not(desk):
    conversation(desk, 8)
    source = source_of(desk, SECTION)
    state = load(source).state
    conversation(desk, 7, status="open", last_activity_at=unix(8, 3))
    message(desk, 72, created_at=unix(8, 3))
    again = load(source, state)
    assert again.of("tickets", "ticket_id", "status") == [("7", "open")]
    assert "72" in again.of("messages", "message_id")


def test_a_rating_keeps_its_scale_and_one_that_was_changed_comes_again(desk):
    source = source_of(desk, SECTION)
    first = load(source)
    assert first.of("satisfaction_ratings", "score", "scale_max", "rated_at", "agent_id") == [
        (5, 5, at(10, 2), "90")
    ]
    rating(desk, 30, 2)
    assert load(source, first.state).of("satisfaction_ratings", "score") == [2]


def test_ratings_of_all_pages_are_read(desk):
    for number in range(31, 38):
        rating(desk, number, 4)
    assert len(set(load(source_of(desk, SECTION)).of("satisfaction_ratings", "rating_id"))) == 8


def test_agents_without_a_team_are_agents_too(desk):
    agents = load(source_of(desk, SECTION)).of("agents", "agent_id", "team")
    assert dict(agents) == {"90": "sales", "91": None}


def test_a_field_of_ones_own_is_one_line(desk):
    own = {"tickets": {"columns": {"brand": "custom_attributes.brand"}}}
    loaded = load(source_of(desk, {**SECTION, "entities": own}))
    assert loaded.of("tickets", "brand") == ["Acme"]

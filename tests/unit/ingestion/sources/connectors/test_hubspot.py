"""Risk: what a HubSpot's stages, owners and threads say means something else here.

Tickets follow the OpenAPI document of ../shared; pipelines, owners, threads and survey responses
https://developers.hubspot.com/docs/api-reference/ (read in November 2026).
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import OpenApi, needs
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {"kind": "hubspot", "address": "{url}", "token": "a-token"}
SPEC = "hubspot_tickets.openapi.json"
TICKETS = "/crm/v3/objects/tickets"
THREADS = "/conversations/v3/conversations/threads"
OPENED = "2026-05-01T08:00:00.000Z"
PAGES = Pages(
    position("after"),
    around=lambda turn: {"paging": {"next": {"after": str(turn.end)}}} if turn.has_more else {},
)
STAGES = [
    {"id": "1", "label": "New", "metadata": {"ticketState": "OPEN"}},
    {"id": "81", "label": "Done", "metadata": {"ticketState": "CLOSED"}},
]
OWNER = {
    "id": "90",
    "userId": 9,
    "email": "bo@acme.example",
    "teams": [
        {"id": "2", "name": "Everybody", "primary": False},
        {"id": "3", "name": "Helpdesk", "primary": True},
    ],
}


def vendor() -> Vendor:
    """Return a HubSpot with one ticket that was answered and closed, and one survey response."""
    changed = ("latestMessageTimestampAfter", "latestMessageTimestamp")
    desk = Vendor(
        (
            Listing("tickets", TICKETS, "results", PAGES),
            Listing("pipelines", "/crm/v3/pipelines/tickets", "results"),
            Listing("threads", THREADS, "results", PAGES, changed),
            Listing("messages", f"{THREADS}/{{conversationsThreadId}}/messages", "results", PAGES),
            Listing("owners", "/crm/v3/owners", "results", PAGES),
            Listing("contacts", "/crm/v3/objects/contacts", "results", PAGES),
            Listing("surveys", "/crm/v3/objects/feedback_submissions", "results", PAGES),
        ),
        {"Authorization": "Bearer a-token"},
    )
    desk.put("pipelines", {"id": "0", "label": "Support", "stages": STAGES})
    desk.put("owners", OWNER)
    ticket(desk)
    thread(desk)
    message(desk, "m1")
    message(desk, "m2", direction="OUTGOING", senders=[{"actorId": "A-9"}])
    contact(desk, "11")
    survey(desk, "s1")
    return desk


def ticket(desk: Vendor, number: str = "7", **properties: Any) -> None:
    given = {
        "createdate": OPENED,
        "closed_date": "2026-05-01T12:00:00Z",
        "hs_pipeline_stage": "81",
        "hubspot_owner_id": "90",
        "source_type": "EMAIL",
        "hs_ticket_category": "BILLING_ISSUE",
        "hs_ticket_priority": "HIGH",
        "hs_time_to_first_response_sla_at": "2026-05-01T10:00:00Z",
        "hs_time_to_close_sla_at": None,
    }
    contacts = {"results": [{"id": "11", "type": "ticket_to_contact"}]}
    owners = [
        {"value": "90", "timestamp": "2026-05-01T09:00:00Z", "sourceType": "CRM_UI"},
        {"value": "", "timestamp": "2026-05-01T08:30:00Z", "sourceType": "CRM_UI"},
    ]
    whole = {
        "id": number,
        "properties": given | properties,
        "propertiesWithHistory": {"hubspot_owner_id": owners},
        "createdAt": OPENED,
        "updatedAt": OPENED,
        "archived": False,
        "associations": {"contacts": contacts},
    }
    desk.put("tickets", whole)


def thread(desk: Vendor, number: str = "5", **changed: Any) -> None:
    given = {
        "id": number,
        "associatedContactId": "11",
        "threadAssociations": {"associatedTicketId": "7"},
        "latestMessageTimestamp": "2026-05-01T09:00:00Z",
        "spam": False,
        "status": "OPEN",
    }
    desk.put("threads", given | changed)


def message(desk: Vendor, number: str, **changed: Any) -> None:
    given = {
        "id": number,
        "conversationsThreadId": "5",
        "type": "MESSAGE",
        "createdAt": "2026-05-01T09:00:00Z",
        "direction": "INCOMING",
        "senders": [{"actorId": "V-11"}],
        "text": "Where is my invoice?",
    }
    desk.put("messages", given | changed)


def contact(desk: Vendor, number: str, **changed: Any) -> None:
    given = {
        "email": "ann@example.com",
        "phone": "030 1234567",
        "mobilephone": None,
        "createdate": OPENED,
        "hs_additional_emails": "ann@work.example;a.lee@example.com",
    }
    desk.put("contacts", {"id": number, "properties": given | changed})


def survey(desk: Vendor, number: str, **changed: Any) -> None:
    given = {
        "hs_survey_type": "NPS",
        "hs_value": "9",
        "hs_submission_timestamp": "2026-05-03T10:00:00Z",
        "hs_contact_id": "11",
        "hs_content": "Quick",
        "hs_survey_channel": "EMAIL",
    }
    desk.put("surveys", {"id": number, "properties": given | changed})


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_a_ticket_is_closed_as_its_stage_is_whatever_that_is_called(desk):
    assert load(source_of(desk, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "11",
        "created_at": at(8),
        "solved_at": at(12),
        "status": "closed",
        "channel": "email",
        "topic": "BILLING_ISSUE",
        "agent_id": "90",
        "priority": "high",
        "first_reply_due_at": at(10),
    }
    ticket(desk, hs_pipeline_stage="1")
    assert load(source_of(desk, SECTION)).one("tickets")["status"] == "open"


def test_a_ticket_that_was_deleted_or_merged_is_no_longer_among_all_that_there_are(desk):
    ticket(desk, "8")
    with_both = load(source_of(desk, SECTION))
    assert with_both.of("tickets", "ticket_id") == ["7", "8"]
    desk.delete("tickets", "8")
    source = source_of(desk, SECTION)
    whole = [each.table.name for each in source.extract(with_both.state) if each.is_whole]
    assert {"tickets", "ticket_events", "customers"} <= set(whole)


def test_who_got_a_ticket_and_when_is_an_event_and_nobody_is_none(desk):
    columns = ("event_type", "occurred_at", "agent_id")
    assert load(source_of(desk, SECTION)).of("ticket_events", *columns) == [
        ("created", at(8), None),
        ("assigned", at(9), "90"),
    ]


def test_agents_customers_and_bots_are_told_apart_and_comments_are_internal(desk):
    message(desk, "m3", type="COMMENT", direction=None, senders=[{"actorId": "A-9"}])
    message(desk, "m4", type="WELCOME_MESSAGE", direction="OUTGOING", senders=[{"actorId": "B-2"}])
    message(desk, "m5", type="THREAD_STATUS_CHANGE", direction=None, senders=[])
    columns = ("message_id", "direction", "author_kind", "author_id", "is_internal")
    assert load(source_of(desk, SECTION)).of("messages", *columns) == [
        ("m1", "inbound", "customer", "11", False),
        ("m2", "outbound", "agent", "90", False),
        ("m3", "outbound", "agent", "90", True),
        ("m4", "outbound", "bot", None, False),
    ]


@pytest.mark.parametrize("direction", [None, "", "FORWARDED"])
def test_a_message_that_does_not_say_its_direction_is_a_reason_and_no_guess(desk, direction):
    message(desk, "m1", direction=direction)
    loaded = load(source_of(desk, SECTION))
    assert loaded.of("messages", "message_id") == ["m2"]
    (reject,) = loaded.rejects["messages"]
    assert (reject.field, reject.column) == ("direction", "direction, type")


def test_a_desk_of_visitors_whom_nobody_knows_is_read(desk):
    del desk.objects["threads"][0]["associatedContactId"]
    columns = ("message_id", "author_kind", "author_id")
    assert load(source_of(desk, SECTION)).of("messages", *columns) == [
        ("m1", "customer", None),
        ("m2", "agent", "90"),
    ]


@pytest.mark.parametrize(("given", "channel"), [(None, None), ("", None), ("WHATSAPP", "other")])
def test_a_ticket_that_does_not_say_how_it_came_in_came_by_no_other_channel(desk, given, channel):
    ticket(desk, source_type=given)
    assert load(source_of(desk, SECTION)).of("tickets", "channel") == [channel]


def test_spam_is_spam_and_a_conversation_of_no_ticket_has_no_messages_here(desk):
    thread(desk, "5", spam=True)
    thread(desk, "6", threadAssociations=None)
    message(desk, "m9", conversationsThreadId="6")
    spam = load(source_of(desk, SECTION)).of("messages", "message_id", "is_spam")
    assert spam == [("m1", True), ("m2", True)]


def test_only_conversations_with_a_new_message_are_asked_for_again(desk):
    thread(desk, "6", latestMessageTimestamp="2026-05-02T09:00:00Z")
    source = source_of(desk, SECTION)
    state = load(source).state
    thread(desk, "6", latestMessageTimestamp="2026-05-03T09:00:00Z")
    message(desk, "m9", conversationsThreadId="6")
    desk.asked.clear()
    assert load(source, state).of("messages", "message_id") == ["m9"]
    asked = [each.path for each in desk.asked if each.path.endswith("/messages")]
    assert asked == [f"{THREADS}/6/messages"]


def test_an_owner_has_the_primary_team(desk):
    assert load(source_of(desk, SECTION)).of("agents", "agent_id", "team") == [("90", "Helpdesk")]


def test_a_contact_is_known_by_all_addresses(desk):
    loaded = load(source_of(desk, SECTION))
    assert loaded.of("customers", "email", "phone") == [("ann@example.com", "030 1234567")]
    assert loaded.of("customer_identities", "identity_type", "identity_value") == [
        ("email", "ann@work.example"),
        ("email", "a.lee@example.com"),
    ]


def test_satisfaction_is_no_recommendation(desk):
    survey(desk, "s2", hs_survey_type="CSAT", hs_value="2")
    answers = load(source_of(desk, SECTION)).of("survey_responses", "score", "scale_max")
    assert answers == [(9, 10)]


def test_a_desk_without_surveys_is_read_without_them(desk):
    desk.listings = tuple(each for each in desk.listings if each.name != "surveys")
    loaded = load(source_of(desk, {**SECTION, "leave_out": ["survey_responses"]}))
    assert loaded.of("tickets", "ticket_id") == ["7"]


@pytest.mark.shared
@needs(SPEC)
def test_what_is_asked_of_tickets_and_served_is_in_the_api_document(desk):
    load(source_of(desk, SECTION))
    api = OpenApi(SPEC)
    asked = next(each for each in desk.asked if each.path == TICKETS)
    assert asked.params.keys() <= api.parameters(TICKETS)
    assert desk.objects["tickets"][0].keys() <= api.fields(TICKETS, "results")

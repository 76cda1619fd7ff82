"""Risk: what agents and customers did in a Freshdesk is missed, or means something else here.

The vendor's answers follow https://developers.freshdesk.com/api/ (read in November 2026).
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.samples import needs, sample
from tests.fixtures.vendor_api import Listing, Vendor, basic, link_header

SAMPLES = "freshdesk_samples/freshdesk/v2/tests/sample_json_data"
SECTION = {"kind": "freshdesk", "address": "{url}", "api_key": "a-key"}
OPENED = "2026-05-01T08:00:00Z"
RATING = {
    "id": 5,
    "ticket_id": 7,
    "user_id": 11,
    "agent_id": 90,
    "created_at": "2026-05-02T10:00:00Z",
    "ratings": {"default_question": 103, "question_9": -102},
}
CONTACT = {
    "id": 11,
    "email": "ann@example.com",
    "phone": None,
    "mobile": "+49 30 1234567",
    "created_at": OPENED,
    "updated_at": OPENED,
}


def vendor() -> Vendor:
    """Return a Freshdesk with one ticket that was answered and rated."""
    pages = link_header()
    ratings = "/api/v2/surveys/satisfaction_ratings"
    changed = ("updated_since", "updated_at")
    desk = Vendor(
        (
            *(
                Listing(name, "/api/v2/tickets", "", pages, changed, asked_by={"filter": name})
                for name in ("spam", "deleted")
            ),
            Listing("tickets", "/api/v2/tickets", "", pages, changed),
            Listing("conversations", "/api/v2/tickets/{ticket_id}/conversations", "", pages),
            Listing("ratings", ratings, "", pages, ("created_since", "created_at")),
            Listing("contacts", "/api/v2/contacts", "", pages, ("_updated_since", "updated_at")),
            Listing("groups", "/api/v2/groups", "", pages, shown=without_members),
            Listing("groups", "/api/v2/groups/{id}", "", pages),
        ),
        basic("a-key", "X"),
    )
    ticket(desk, 7)
    conversation(desk, 71, incoming=False, user_id=90)
    desk.put("ratings", RATING)
    desk.put("contacts", CONTACT)
    desk.put("groups", {"id": 3, "name": "Helpdesk", "agent_ids": [90, 91]})
    return desk


def without_members(group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "agent_ids"}


def ticket(desk: Vendor, number: int, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": number,
        "requester_id": 11,
        "responder_id": 90,
        "status": 4,
        "priority": 2,
        "source": 1,
        "type": "Question",
        "spam": False,
        "description_text": "Where is my parcel?",
        "created_at": OPENED,
        "updated_at": OPENED,
        "due_by": "2026-05-04T08:00:00Z",
        "fr_due_by": "2026-05-02T08:00:00Z",
        "stats": {"resolved_at": "2026-05-01T12:00:00Z", "closed_at": None},
        "custom_fields": {"cf_brand": "Acme"},
    }
    desk.put("tickets", given | changed)


def conversation(desk: Vendor, number: int, **changed: Any) -> None:
    given = {
        "id": number,
        "ticket_id": 7,
        "user_id": 11,
        "body_text": "On its way",
        "incoming": True,
        "private": False,
        "created_at": "2026-05-01T09:00:00Z",
    }
    desk.put("conversations", given | changed)


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_a_ticket_says_who_asked_where_and_when_it_was_solved(desk):
    assert load(source_of(desk, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "11",
        "created_at": at(8),
        "solved_at": at(12),
        "status": "solved",
        "channel": "email",
        "topic": "Question",
        "agent_id": "90",
        "priority": "medium",
        "first_reply_due_at": at(8, 2),
        "solve_due_at": at(8, 4),
    }


def test_the_customers_first_words_are_a_message_beside_the_conversation(desk):
    conversation(desk, 72, private=True, incoming=False)
    loaded = load(source_of(desk, SECTION))
    assert loaded.of("messages", "message_id", "direction", "author_id", "is_internal") == [
        ("ticket:7", "inbound", "11", False),
        ("71", "outbound", "90", False),
        ("72", "outbound", "11", True),
    ]


def test_what_an_automation_answers_is_no_agents(desk):
    conversation(desk, 72, incoming=False, automation_id=None)
    conversation(desk, 73, incoming=False, automation_id=5)
    conversation(desk, 74, automation_id=None, auto_response=True)
    kinds = load(source_of(desk, SECTION)).of("messages", "message_id", "author_kind")
    assert kinds[2:] == [("72", "agent"), ("73", "bot"), ("74", "customer")]


def test_a_ticket_that_an_agent_opened_by_e_mail_has_no_first_words_of_the_customer(desk):
    ticket(desk, 7, source=10)
    assert load(source_of(desk, SECTION)).of("messages", "message_id") == ["71"]


@pytest.mark.parametrize(
    ("given", "status"),
    [({"status": 2}, "open"), ({"status": 6}, "pending"), ({"status": 2, "spam": True}, "spam")],
)
def test_states_that_a_company_made_itself_wait_and_spam_is_spam(desk, given, status):
    ticket(desk, 7, **given)
    assert load(source_of(desk, SECTION)).of("tickets", "status") == [status]


def test_a_ticket_that_is_found_to_be_spam_later_counts_no_more(desk):
    source = source_of(desk, SECTION)
    state = load(source).state
    desk.put("spam", desk.objects["tickets"].pop() | {"updated_at": "2026-05-03T08:00:00Z"})
    again = load(source, state)
    assert again.of("tickets", "ticket_id", "status") == [("7", "spam")]


def test_a_ticket_that_is_deleted_leaves_with_its_first_words(desk):
    source = source_of(desk, SECTION)
    state = load(source).state
    desk.put("deleted", desk.objects["tickets"].pop() | {"updated_at": "2026-05-03T08:00:00Z"})
    left = load(source, state).left
    assert left == {"tickets": [{"ticket_id": "7"}], "messages": [{"message_id": "ticket:7"}]}


def test_a_rating_keeps_its_scale_of_seven_answers(desk):
    rating = load(source_of(desk, SECTION)).one("satisfaction_ratings")
    assert (rating["score"], rating["scale_max"], rating["satisfied_from"]) == (7, 7, 5)


def test_agents_have_the_team_of_their_group(desk):
    agents = load(source_of(desk, SECTION)).of("agents", "agent_id", "team")
    assert agents == [("90", "Helpdesk"), ("91", "Helpdesk")]


def test_an_edited_ticket_comes_again_with_its_conversation(desk):
    source = source_of(desk, SECTION)
    state = load(source).state
    ticket(desk, 7, status=2, updated_at="2026-05-03T08:00:00Z")
    conversation(desk, 73, created_at="2026-05-03T08:00:00Z")
    again = load(source, state)
    assert again.of("tickets", "status") == ["open"]
    assert "73" in again.of("messages", "message_id")


def test_a_field_of_ones_own_is_one_line(desk):
    own = {"tickets": {"columns": {"brand": "custom_fields.cf_brand"}}}
    loaded = load(source_of(desk, {**SECTION, "entities": own}))
    assert loaded.of("tickets", "brand") == ["Acme"]


@pytest.mark.shared
@needs(SAMPLES)
@pytest.mark.parametrize(
    "name", ["all_tickets", "ticket_1", "ticket_1_updated", "outbound_email_1"]
)
def test_recorded_answers_are_loaded_whole_and_older_ones_that_lack_fields_too(desk, name):
    desk.objects = {each: [] for each in desk.objects}
    tickets = sample(f"{SAMPLES}/{name}.json")
    for each in tickets if isinstance(tickets, list) else [tickets]:
        desk.put("tickets", each)
    for each in ("conversations", "contacts", "groups"):
        for given in sample(f"{SAMPLES}/{each}.json"):
            desk.put(each, given)
    desk.put("groups", sample(f"{SAMPLES}/group_1.json"))
    loaded = load(source_of(desk, SECTION))
    assert not any(loaded.rejects.values())
    assert {entity: len(rows) for entity, rows in loaded.rows.items() if rows} == {
        "tickets": 1,
        "messages": 3,
        "customers": 1,
        "agents": 2,
    }

"""Risk: what agents and customers did in a Zendesk is missed, or means something else here.

The vendor's answers follow https://developer.zendesk.com/api-reference/ticketing/ (tickets, users,
groups, brands, satisfaction_ratings, incremental_exports; read in November 2026), those of
ticket_events the incremental export's example of `comment_events`.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults
from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import OpenApi, needs
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, basic, position

OPENAPI = "zendesk_support.openapi.yaml"
SECTION = {
    "kind": "zendesk",
    "address": "{url}",
    "email": "admin@acme.example",
    "api_token": "a-token",
}
OPENED = "2026-05-01T08:00:00Z"
ANN, FINN, SYSTEM = 11, 90, -1


def by_cursor(turn: Turn) -> dict[str, Any]:
    return {"meta": {"has_more": turn.has_more, "after_cursor": str(turn.end)}}


def by_address(turn: Turn) -> dict[str, Any]:
    return {"after_url": turn.url, "end_of_stream": not turn.has_more}


def by_time(turn: Turn) -> dict[str, Any]:
    """The next page begins with the time at which this one ends, whose objects come again."""
    last = turn.found[-1]["timestamp"] if turn.found else None
    return {"end_time": last, "end_of_stream": not turn.has_more}


def listing(name: str, path: str, pages: Pages, field: str = "", **keys: Any) -> Listing:
    since = ("start_time", field) if field else None
    records = keys.pop("records", name)
    return Listing(name, f"/api/v2/{path}", records, pages, since, is_later=is_later, **keys)


def export(name: str, field: str) -> Listing:
    """Return an incremental export by cursor."""
    pages = Pages(position("cursor"), by_address)
    return listing(name, f"incremental/{name}/cursor", pages, field, position="cursor")


def vendor() -> Vendor:
    """Return a Zendesk with one ticket that was answered, solved and rated."""
    lists = Pages(position("page[after]"), by_cursor)
    events = Pages(around=by_time)
    desk = Vendor(
        (
            export("tickets", "generated_timestamp"),
            listing("ticket_events", "incremental/ticket_events", events, "timestamp"),
            export("users", "updated_at"),
            listing("satisfaction_ratings", "satisfaction_ratings", lists, "updated_at"),
            listing("staff", "users", lists, records="users"),
            listing("groups", "groups", lists),
            listing("brands", "brands", lists),
        ),
        basic("admin@acme.example/token", "a-token"),
    )
    ticket(desk, 7)
    user(desk, ANN, role="end-user", email="ann@example.com", phone="+49301234567")
    user(desk, FINN, role="agent", default_group_id=3)
    desk.put("groups", {"id": 3, "name": "Helpdesk"})
    desk.put("brands", {"id": 5, "name": "Acme"})
    update(desk, 70, ANN, comment(71, ANN), change(72, "Create", status="new"))
    update(desk, 74, FINN, comment(75, FINN), change(76, "Change", assignee_id=FINN), hour=9)
    update(desk, 77, FINN, change(78, "Change", status="solved", previous_value="open"), hour=10)
    rating(desk, 30, "good", updated_at="2026-05-02T10:00:00Z")
    return desk


def is_later(value: Any, since: str) -> bool:
    return unix(value) >= int(since) if isinstance(value, str) else value >= int(since)


def unix(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def ticket(desk: Vendor, number: int, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": number,
        "requester_id": ANN,
        "submitter_id": ANN,
        "assignee_id": FINN,
        "brand_id": 5,
        "status": "solved",
        "priority": "high",
        "type": "question",
        "tags": ["parcel"],
        "via": {"channel": "email"},
        "created_at": OPENED,
        "updated_at": OPENED,
        "generated_timestamp": unix(OPENED),
        "custom_fields": [{"id": 27642, "value": "delivery"}],
    }
    desk.put("tickets", given | changed)


def user(desk: Vendor, number: int, **changed: Any) -> None:
    """Put a user into the export, and one of the staff also into the list of users by role."""
    given = {"id": number, "active": True, "created_at": OPENED, "updated_at": OPENED}
    known = {"email": None, "phone": None, "default_group_id": None}
    desk.put("users", given | known | changed)
    if changed.get("role") in ("agent", "admin"):
        desk.put("staff", given | known | changed)


def comment(number: int, author: int, **changed: Any) -> dict[str, Any]:
    given = {"body": "Where is my parcel?", "public": True, "created_at": OPENED}
    return change(number, "Comment", type="Comment", author_id=author) | given | changed


def change(number: int, event_type: str, **fields: Any) -> dict[str, Any]:
    return {"id": number, "event_type": event_type, **fields}


def update(desk: Vendor, number: int, who: int, *children: Any, hour: int = 8) -> None:
    at = f"2026-05-01T{hour:02}:00:00Z"
    given = {"id": number, "ticket_id": 7, "updater_id": who, "created_at": at}
    desk.put("ticket_events", given | {"timestamp": unix(at), "child_events": list(children)})


def rating(desk: Vendor, number: int, score: str, **changed: Any) -> None:
    given = {"id": number, "ticket_id": 7, "requester_id": ANN, "assignee_id": FINN}
    times = {"created_at": OPENED, "updated_at": OPENED}
    desk.put("satisfaction_ratings", given | times | {"score": score} | changed)


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_an_oauth_client_signs_in_since_no_api_tokens_are_made_any_more(desk):
    desk.signed = {"Authorization": "Bearer a-bearer"}
    desk.listings += (Listing("grants", "/oauth/tokens", is_single=True, is_open=True),)
    desk.put("grants", {"id": 1, "access_token": "a-bearer", "expires_in": 1800, "scope": "read"})
    client = {"client_id": "concord", "client_secret": "a-secret"}
    section = {"kind": "zendesk", "address": "{url}", **client}
    assert load(source_of(desk, section)).of("tickets", "ticket_id") == ["7"]
    (granted,) = (each for each in desk.asked if each.path == "/oauth/tokens")
    wanted = {"grant_type": "client_credentials", "scope": "read", **client}
    assert json.loads(granted.body) == wanted


def test_a_zendesk_without_credentials_is_told_both_ways_to_sign_in(desk):
    with pytest.raises(ConfigurationFaults, match=r"client_id and client_secret.*api_token"):
        source_of(desk, {"kind": "zendesk", "address": "{url}", "email": "admin@acme.example"})


def test_a_ticket_says_who_asked_where_and_whom(desk):
    assert load(source_of(desk, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "11",
        "created_at": at(8),
        "status": "solved",
        "channel": "email",
        "brand": "Acme",
        "topic": "question",
        "agent_id": "90",
        "priority": "high",
    }


@pytest.mark.parametrize(
    ("given", "statuses"),
    [
        ({"status": "new"}, ["open"]),
        ({"status": "hold"}, ["pending"]),
        ({"status": "closed", "tags": ["closed_by_merge"]}, ["merged"]),
        ({"status": "deleted"}, []),
    ],
)
def test_merged_tickets_are_told_from_closed_ones_and_deleted_ones_are_none(desk, given, statuses):
    ticket(desk, 7, **given)
    assert load(source_of(desk, SECTION)).of("tickets", "status") == statuses


def test_what_happened_to_a_ticket_keeps_its_order_and_its_agent(desk):
    update(desk, 80, ANN, change(81, "Change", status="open", previous_value="solved"), hour=11)
    update(desk, 82, SYSTEM, change(83, "Change", status="closed", previous_value="open"), hour=12)
    events = load(source_of(desk, SECTION)).of(
        "ticket_events", "event_type", "occurred_at", "agent_id"
    )
    assert sorted(set(events), key=lambda each: each[1]) == [
        ("created", at(8), None),
        ("assigned", at(9), "90"),
        ("solved", at(10), "90"),
        ("reopened", at(11), None),
        ("closed", at(12), None),
    ]


def test_a_ticket_that_waits_for_the_customer_and_goes_on_was_never_reopened(desk):
    update(desk, 80, ANN, change(81, "Change", status="open", previous_value="pending"), hour=11)
    assert "reopened" not in load(source_of(desk, SECTION)).of("ticket_events", "event_type")


def test_a_ticket_that_an_agent_opened_says_so(desk):
    ticket(desk, 7, submitter_id=FINN)
    events = load(source_of(desk, SECTION)).of("ticket_events", "event_type", "agent_id")
    assert ("created", "90") in events


def test_comments_have_the_direction_of_their_author_and_notes_are_internal(desk):
    update(desk, 80, FINN, comment(81, FINN, public=False), hour=11)
    update(desk, 82, SYSTEM, comment(83, SYSTEM), hour=12)
    messages = load(source_of(desk, SECTION)).of(
        "messages", "message_id", "direction", "author_kind", "author_id", "is_internal"
    )
    assert sorted(set(messages)) == [
        ("71", "inbound", "customer", "11", False),
        ("75", "outbound", "agent", "90", False),
        ("81", "outbound", "agent", "90", True),
        ("83", "outbound", "bot", None, False),
    ]


def test_a_comment_without_an_author_is_no_customers(desk):
    update(desk, 80, FINN, comment(81, FINN, author_id=None), hour=11)
    loaded = load(source_of(desk, SECTION))
    assert "81" not in loaded.of("messages", "message_id")
    (reject,) = loaded.rejects["messages"]
    assert (reject.field, reject.column) == ("direction", "child_events.author_id")


def test_a_user_who_is_not_said_to_be_deleted_stays(desk):
    user(desk, ANN, role="end-user", active=None)
    assert "11" in load(source_of(desk, SECTION)).of("customers", "customer_id")


def test_comments_are_asked_for_on_every_page(desk):
    for number in range(5):
        update(desk, 100 + number, ANN, comment(200 + number, ANN), hour=12 + number)
    loaded = load(source_of(desk, SECTION))
    assert {"71", "75", *map(str, range(200, 205))} == set(loaded.of("messages", "message_id"))
    asked = [each for each in desk.asked if each.path.endswith("ticket_events")]
    assert {each.params["include"] for each in asked} == {"comment_events"}


def test_a_rating_that_was_only_offered_has_no_score_and_one_that_was_not_is_none(desk):
    rating(desk, 31, "offered")
    rating(desk, 32, "unoffered")
    rating(desk, 33, "bad", updated_at="2026-05-03T10:00:00Z")
    loaded = load(source_of(desk, SECTION))
    columns = ("rating_id", "score", "scale_max", "rated_at", "offered_at")
    assert sorted(loaded.of("satisfaction_ratings", *columns)) == [
        ("30", 1, 1, at(10, 2), at(8)),
        ("31", None, 1, None, at(8)),
        ("33", 0, 1, at(10, 3), at(8)),
    ]


def test_an_answer_that_comes_weeks_after_its_question_is_seen(desk):
    rating(desk, 31, "offered")
    source = source_of(desk, SECTION)
    state = load(source).state
    rating(desk, 31, "bad", updated_at="2026-05-20T10:00:00Z")
    assert load(source, state).one("satisfaction_ratings")["score"] == 0
    asked = [each for each in desk.asked if each.path.endswith("ratings")]
    assert int(asked[-1].params["start_time"]) <= unix(OPENED)


def test_agents_are_no_customers_and_have_the_team_of_their_group(desk):
    loaded = load(source_of(desk, SECTION))
    staff = [("11", "ann@example.com", False), ("90", None, True)]
    assert loaded.of("customers", "customer_id", "email", "is_staff") == staff
    assert loaded.of("agents", "agent_id", "team") == [("90", "Helpdesk")]


def test_a_ticket_and_a_user_that_are_deleted_leave(desk):
    source = source_of(desk, SECTION)
    state = load(source).state
    ticket(desk, 7, status="deleted", generated_timestamp=unix("2026-05-03T08:00:00Z"))
    user(desk, ANN, role="end-user", active=False, updated_at="2026-05-03T08:00:00Z")
    left = load(source, state).left
    assert [each["ticket_id"] for each in left["tickets"]] == ["7"]
    assert [each["customer_id"] for each in left["customers"]] == ["11"]


def test_a_date_that_is_not_set_is_no_time_of_1970(desk):
    user(desk, ANN, role="end-user", created_at="1970-01-01T00:00:00Z")
    assert load(source_of(desk, SECTION)).of("customers", "created_at") == [None, at(8)]


def test_a_field_of_ones_own_is_one_line(desk):
    own = {"tickets": {"columns": {"topic": "custom_fields[27642].value"}}}
    loaded = load(source_of(desk, {**SECTION, "entities": own}))
    assert loaded.of("tickets", "topic") == ["delivery"]


def test_the_shops_number_of_a_user_is_one_line(desk):
    user(desk, ANN, role="end-user", external_id="K17")
    lookup = {"endpoint": "all_users", "key": "id", "value": "external_id"}
    own = {"tickets": {"columns": {"customer_id": {"from": "requester_id", "lookup": lookup}}}}
    loaded = load(source_of(desk, {**SECTION, "entities": own}))
    assert loaded.of("tickets", "customer_id") == ["K17"]


@pytest.mark.shared
@needs(OPENAPI)
def test_what_is_asked_for_and_served_is_in_the_vendors_document(desk):
    load(source_of(desk, SECTION))
    document = OpenApi(OPENAPI)
    for listing in desk.listings:
        if listing.name != "ticket_events":  # the document shows those of another export
            served = set(desk.objects[listing.name][0]) - {"generated_timestamp"}
            assert served <= document.fields(listing.path, listing.records), listing.name
    assert all(document.fields(each.path) for each in desk.asked)

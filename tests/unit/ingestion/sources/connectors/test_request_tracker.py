"""Risk: what happened to tickets of a Request Tracker means something else here.

The vendor's answers are those of an RT 5.0.3, beside https://docs.bestpractical.com/rt/5.0.8/RT/REST2.html;
tests/live reads one.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, position

SECTION = {
    "kind": "request_tracker",
    "address": "{url}",
    "token": "a-token",
    "agents_group": "34",
}
OPENED = "2026-05-01T08:00:00Z"
NEVER = "1970-01-01T00:00:00Z"
ANN, BO, SYSTEM = 31, 30, 1
NEXT = Pages(position("page"), around=lambda turn: {"next_page": turn.url} if turn.has_more else {})


def since_sql(changed: str, query: str) -> bool:
    """Compare as TicketSQL does, a day without a time from its beginning."""
    return query == "EffectiveId > 0" or changed > query.split("'")[1]


def since_json(created: str, query: str) -> bool:
    days = [each["value"] for each in json.loads(query) if each["field"] == "Created"]
    return all(created > day for day in days)


class Tracker(Vendor):
    """A Request Tracker, which searches by a query in JSON, in the order that is asked for."""

    def _found(self, listing: Listing, asked: Any, fields: dict[str, str]) -> list[Any]:
        found = super()._found(listing, asked, fields)
        if listing.name not in ("transactions", "words"):
            return found
        if listing.name == "transactions":
            by = asked.params["orderby"]
            found.sort(key=lambda each: int(each["id"]) if by == "id" else each[by])
        query = json.loads(asked.params["query"])
        for name in ("Type", "ContentType", "Filename"):
            wanted = [each["value"] for each in query if each["field"] == name]
            found = [each for each in found if not wanted or each.get(name, "NULL") in wanted]
        return found


def vendor() -> Vendor:
    """Return a Request Tracker with one ticket that was taken, answered and resolved."""
    rest = "/REST/2.0"
    groups = {"asked_by": {"users": "0"}}
    words = f"{rest}/transaction/{{TransactionId}}/attachments"
    desk = Tracker(
        (
            Listing("teams", f"{rest}/group/34/members", "items", NEXT, **groups),
            Listing("members", f"{rest}/group/{{group}}/members", "items", NEXT),
            Listing("groups", f"{rest}/group/{{id}}", is_single=True),
            listing("tickets", f"{rest}/tickets", ("query", "LastUpdated"), since_sql),
            listing("transactions", f"{rest}/transactions", ("query", "Created"), since_json),
            Listing("words", words, "items", NEXT),
            Listing("users", f"{rest}/users", "items", NEXT),
        ),
        {"Authorization": "token a-token"},
    )
    desk.put("teams", {"type": "group", "id": 33})
    desk.put("groups", {"type": "group", "id": 33, "Name": "Helpdesk"})
    for group in (33, 34):
        desk.put("members", {"type": "user", "id": BO, "group": group}, key="group")
    user(desk, BO, "bo", "bo@acme.example")
    user(desk, ANN, "ann", "ann@example.com", MobilePhone="030 1234567")
    user(desk, SYSTEM, "RT_System", "")
    ticket(desk, "7")
    transaction(desk, 1, "Create", ANN, 8)
    said(desk, 1, "Where is my parcel?")
    transaction(desk, 2, "SetWatcher", BO, 9, Field="Owner", OldValue="6", NewValue=str(BO))
    transaction(desk, 3, "Correspond", BO, 10)
    status(desk, 4, "open", "resolved", 11)
    return desk


def listing(name: str, path: str, since: Any, is_later: Any) -> Listing:
    return Listing(name, path, "items", NEXT, since, is_later=is_later)


def user(desk: Vendor, number: int, name: str, email: str, **more: Any) -> None:
    given = {"type": "user", "id": number, "Name": name, "EmailAddress": email, "Created": OPENED}
    desk.put("users", given | more)


def ticket(desk: Vendor, number: str, **changed: Any) -> None:
    given = {
        "type": "ticket",
        "id": number,
        "Status": "resolved",
        "IsMerged": "",
        "Created": OPENED,
        "LastUpdated": "2026-05-01T11:00:00Z",
        "Resolved": "2026-05-01T11:00:00Z",
        "Due": NEVER,
        "Owner": {"type": "user", "id": BO},
        "Requestor": [{"type": "user", "id": ANN}],
        "Queue": {"type": "queue", "id": "1", "Name": "Orders"},
        "Priority": "0",
    }
    desk.put("tickets", given | changed)


def transaction(
    desk: Vendor, number: int, kind: str, creator: int, hour: int, **changed: Any
) -> None:
    given = {
        "type": "transaction",
        "id": str(number),
        "Type": kind,
        "Field": "",
        "OldValue": "",
        "NewValue": "",
        "ObjectId": "7",
        "Created": f"2026-05-01T{hour:02}:00:00Z",
        "Creator": {"type": "user", "id": creator},
    }
    desk.put("transactions", given | changed)


def said(desk: Vendor, number: int, words: str, kind: str = "text/plain", **file: str) -> None:
    count = len(desk.objects.get("words", []))
    given = {"id": count, "TransactionId": number, "Content": words, "ContentType": kind}
    desk.put("words", given | file)


def status(desk: Vendor, number: int, old: str, new: str, hour: int) -> None:
    changed = {"Field": "Status", "OldValue": old, "NewValue": new}
    transaction(desk, number, "Status", BO, hour, **changed)


@pytest.fixture
def desk():
    with serving(vendor()) as desk:
        yield desk


def at(hour: int) -> datetime:
    return datetime(2026, 5, 1, hour, tzinfo=UTC)


def test_a_ticket_says_who_asked_in_which_queue_and_when_it_was_resolved(desk):
    assert load(source_of(desk, SECTION)).one("tickets") == {
        "ticket_id": "7",
        "customer_id": "31",
        "created_at": at(8),
        "solved_at": at(11),
        "status": "solved",
        "topic": "Orders",
        "agent_id": "30",
        "priority": "0",
    }


def test_1970_is_no_time_nobody_no_agent_and_a_state_of_ones_own_waits(desk):
    nobody = {"type": "user", "id": 6}
    ticket(desk, "7", Status="with supplier", Resolved=NEVER, Owner=nobody)
    found = load(source_of(desk, SECTION)).one("tickets")
    assert found["status"] == "pending"
    assert {"solved_at", "agent_id", "solve_due_at"} & found.keys() == set()


def test_nothing_was_made_in_1970(desk):
    user(desk, ANN, "ann", "ann@example.com", Created=NEVER)
    ticket(desk, "8", Created=NEVER)
    loaded = load(source_of(desk, SECTION))
    assert loaded.one("customers", customer_id="31").get("created_at") is None
    assert loaded.of("tickets", "ticket_id") == ["7"]
    (reject,) = loaded.rejects["tickets"]
    assert (reject.column, reject.reason) == ("Created", "is required and empty")


@pytest.mark.parametrize("merged", ["1", 1, True])
def test_a_merged_ticket_counts_nowhere_however_that_is_written(desk, merged):
    ticket(desk, "7", IsMerged=merged)
    assert load(source_of(desk, SECTION)).of("tickets", "status") == ["merged"]


def test_agents_customers_and_the_system_are_told_apart_and_comments_are_internal(desk):
    transaction(desk, 5, "Comment", BO, 12)
    transaction(desk, 6, "Correspond", SYSTEM, 13)
    transaction(desk, 7, "EmailRecord", SYSTEM, 13)
    columns = ("message_id", "direction", "author_kind", "author_id", "is_internal")
    read = load(source_of(desk, SECTION)).of("messages", *columns)
    assert list(dict.fromkeys(read)) == [
        ("1", "inbound", "customer", "31", False),
        ("3", "outbound", "agent", "30", False),
        ("5", "outbound", "agent", "30", True),
        ("6", "outbound", "bot", "1", False),
    ]


def test_a_message_of_which_rt_does_not_say_whose_it_is_is_no_customers(desk):
    transaction(desk, 5, "Correspond", BO, 12, Creator={"type": "user"})
    said(desk, 5, "Who said this?")
    loaded = load(source_of(desk, SECTION))
    assert set(loaded.of("messages", "message_id")) == {"1", "3"}
    rejects = loaded.rejects["messages"]
    assert {(each.field, each.reason) for each in rejects} == {
        ("direction", "is required and empty")
    }
    assert all("Creator.id" in each.column for each in rejects)


def test_a_message_has_its_words_as_plain_text_where_there_are_several(desk):
    said(desk, 3, "<p>On its <b>way</b></p>", "text/html")
    said(desk, 3, "On its way", "text/plain")
    said(desk, 3, "a list of parcels", "text/plain", Filename="parcels.txt")
    transaction(desk, 5, "Correspond", ANN, 12)
    said(desk, 5, "<p>Thank <b>you</b></p>", "text/html")
    read = load(source_of(desk, SECTION)).of("messages", "message_id", "text")
    assert {key: text for key, text in read if text} == {
        "1": "Where is my parcel?",
        "3": "On its way",
        "5": "Thank you",
    }
    assert dict(read).keys() == {"1", "3", "5"}


def test_states_and_owners_are_events(desk):
    status(desk, 5, "resolved", "open", 12)
    status(desk, 6, "open", "stalled", 13)
    status(desk, 7, "stalled", "rejected", 14)
    columns = ("event_id", "event_type", "occurred_at", "agent_id")
    assert sorted(load(source_of(desk, SECTION)).of("ticket_events", *columns)) == [
        ("1", "created", at(8), None),
        ("2", "assigned", at(9), "30"),
        ("4", "solved", at(11), "30"),
        ("5", "reopened", at(12), "30"),
        ("7", "closed", at(14), "30"),
    ]


def test_a_deleted_ticket_leaves_and_one_that_was_merged_counts_nowhere(desk):
    ticket(desk, "8")
    source = source_of(desk, SECTION)
    state = load(source).state
    desk.delete("tickets", "8")
    ticket(desk, "7", IsMerged="1", LastUpdated="2026-05-01T12:00:00Z")
    transaction(desk, 9, "Status", BO, 12, ObjectId="8", NewValue="deleted")
    again = load(source, state)
    assert {"ticket_id": "8"} in again.left["tickets"]
    assert again.of("tickets", "status") == ["merged"]


def test_what_was_imported_later_with_its_old_time_stops_no_load(desk):
    transaction(desk, 5, "Correspond", ANN, 9, Created="2026-04-01T09:00:00Z")
    status(desk, 6, "open", "stalled", 14)
    transaction(desk, 7, "Status", BO, 9, OldValue="", NewValue="", Created="2026-04-01T09:00:00Z")
    loaded = load(source_of(desk, SECTION))
    assert set(loaded.of("messages", "message_id")) == {"1", "3", "5"}
    assert set(loaded.of("ticket_events", "event_id")) == {"1", "2", "4"}


def test_a_change_on_the_day_of_the_last_load_is_not_missed(desk):
    source = source_of(desk, SECTION)
    state = load(source).state
    ticket(desk, "7", Status="open", LastUpdated="2026-05-01T11:30:00Z")
    status(desk, 5, "resolved", "open", 12)
    again = load(source, state)
    assert again.of("tickets", "status") == ["open"]
    assert again.of("ticket_events", "event_id") == ["5"]


def test_staff_who_ask_are_no_customers_of_the_figures_and_rts_own_users_nobodys(desk):
    customers = load(source_of(desk, SECTION)).of("customers", "customer_id", "phone", "is_staff")
    assert sorted(customers) == [("30", None, True), ("31", "030 1234567", False)]


def test_an_agent_has_the_group_within_the_agents_group_for_a_team(desk):
    agents = load(source_of(desk, SECTION)).of("agents", "agent_id", "team")
    assert agents == [("30", None), ("30", "Helpdesk")]

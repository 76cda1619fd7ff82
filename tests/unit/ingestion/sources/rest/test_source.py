"""Risk: records of an API are missed, come twice, or an unruly server is read for ever."""

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import jwt
import pytest

from ingestion.errors import (
    MappingFault,
    SourceAnswerBroken,
    SourceError,
    SourceRefused,
)
from ingestion.retries import RetryPolicy
from ingestion.sources import build
from ingestion.sources.base import Extract
from ingestion.sources.rest import reading
from ingestion.sources.rest.source import RestSource
from tests.fixtures.rest_server import Fault, JsonApi, serving

TICKETS = """
kind = "rest"
base_url = "{url}"
[[endpoints]]
name = "tickets"
path = "/tickets"
records = "data"
[[entities]]
entity = "tickets"
endpoint = "tickets"
[entities.columns]
ticket_id = "id"
created_at = "opened"
topic = {{ from = "topic", optional = true }}
"""
SENDS = """
kind = "rest"
base_url = "{url}"
[[endpoints]]
name = "sent"
path = "/sent"
records = "data"
[[endpoints]]
name = "opened"
path = "/opened"
records = "data"
[[entities]]
entity = "campaign_touches"
endpoint = "sent"
columns = {{ touch_id = "id", campaign_id = "campaign", sent_at = "at" }}
[[entities]]
entity = "campaign_touches"
endpoint = "opened"
overrides = true
[entities.columns]
touch_id = "id"
campaign_id = "campaign"
sent_at = "at"
status = {{ value = "opened" }}
"""
PAGES = {
    "none": "",
    "link_header": 'pages = { type = "link_header" }',
    "next_link": 'pages = { type = "next_link", path = "next" }',
    "cursor": 'pages = { type = "cursor", path = "meta.after", param = "after" }',
    "last_record": """
        pages = { type = "last_record", path = "id", param = "after", has_more = "meta.more" }
    """,
    "page": 'pages = { type = "page" }',
    "offset": 'pages = { type = "offset", size = 2, total = "meta.total" }',
}

MORE = {"more": True}


def ticket(number: int, **changed: Any) -> dict[str, Any]:
    return {"id": number, "opened": "2024-05-01T08:00:00Z", "topic": "delivery", **changed}


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with serving(JsonApi({"/tickets": [ticket(number) for number in range(1, 6)]})) as api:
        yield api


def source_of(api: JsonApi, section: str = TICKETS, more: str = "") -> RestSource:
    text = more + "\n" + dedent(section).format(url=api.url)
    source = build("desk", tomllib.loads(text), Path())
    assert isinstance(source, RestSource)
    return RestSource(source.mapping, RetryPolicy(attempts=3), lambda _: None)


def load(source: RestSource, state: Any = None) -> tuple[list[Extract], dict[str, Any]]:
    """Return the extracts of a load, and the state that it leaves."""
    extracts = list(source.extract(state or {}))
    for each in extracts:
        parts = each.batch.num_rows + len(each.rejects) + each.folded + each.filtered
        assert each.received == parts
    return extracts, dict(extracts[-1].state or {})


def values(extracts: list[Extract], column: str, entity: str = "tickets") -> list[Any]:
    found = [each for each in extracts if each.table.name == entity]
    return [value for each in found for value in each.batch[column].to_pylist()]


def test_a_yes_or_no_among_parameters_is_written_as_servers_read_it(api: JsonApi):
    params = 'params = {{ expand = true, full = false, any = [true, 7], name = "True" }}'
    load(source_of(api, TICKETS.replace('records = "data"', f'records = "data"\n{params}')))
    assert api.asked[0].params == {"expand": "true", "full": "false", "any": "true", "name": "True"}


@pytest.mark.parametrize("pages", PAGES)
def test_every_record_of_every_page_comes_once(api: JsonApi, pages: str):
    api.pages = pages
    section = TICKETS.replace('records = "data"', 'records = ""') if pages == "link_header" else ""
    extracts, _ = load(source_of(api, section or TICKETS, PAGES[pages]))
    assert values(extracts, "ticket_id") == ["1", "2", "3", "4", "5"]
    assert len(api.asked) == (1 if pages == "none" else 4 if pages == "page" else 3)


@pytest.mark.parametrize("end", ['has_more = "meta.more"', 'end = "meta.end"'])
@pytest.mark.parametrize("pages", ["next_link", "cursor"])
def test_a_last_page_that_names_a_next_one_is_the_end_where_a_flag_says_so(
    api: JsonApi, pages: str, end: str
):
    api.pages, api.goes_on = pages, True
    extracts, _ = load(source_of(api, more=PAGES[pages].replace(" }", f", {end} }}")))
    assert values(extracts, "ticket_id") == ["1", "2", "3", "4", "5"]
    assert len(api.asked) == 3


def test_what_comes_after_the_last_record_is_asked_for_until_a_page_is_empty(api: JsonApi):
    api.pages = "last_record"
    pages = 'pages = { type = "last_record", path = "id", param = "after" }'
    extracts, _ = load(source_of(api, more=pages))
    assert values(extracts, "ticket_id") == ["1", "2", "3", "4", "5"]
    assert [each.params.get("after") for each in api.asked] == [None, "2", "4", "5"]


@pytest.mark.parametrize(
    ("pages", "answer"),
    [
        (PAGES["last_record"].replace('"id"', '"uid"'), {"data": [ticket(1)], "meta": MORE}),
        (PAGES["last_record"], {"data": [], "meta": MORE}),
        (PAGES["last_record"], {"data": [ticket(1)], "meta": {}}),
        (PAGES["cursor"].replace(" }", ', has_more = "meta.more" }'), {"data": [], "meta": MORE}),
    ],
)
def test_a_next_page_that_cannot_be_asked_for_is_no_end(
    api: JsonApi, pages: str, answer: dict[str, Any]
):
    api.faults = [Fault(200, json.dumps(answer).encode())]
    with pytest.raises(SourceAnswerBroken, match="lacks what its `pages` name"):
        load(source_of(api, more=pages))


def test_money_keeps_its_digits(api: JsonApi):
    api.faults = [
        Fault(200, b'{"data": [{"id": 1, "opened": "2024-05-01", "topic": 0.10000000001}]}')
    ]
    extracts, _ = load(source_of(api))
    assert values(extracts, "topic") == ["0.10000000001"]


def test_elements_of_lists_are_read_and_a_misspelt_one_is_named(api: JsonApi):
    fields = [{"id": 17, "value": "delivery"}, {"id": 18, "value": None}]
    api.lists["/tickets"] = [ticket(1, topic=fields), ticket(2, topic=[])]
    section = TICKETS.replace('"topic", optional = true', '"topic[17].value"')
    extracts, _ = load(source_of(api, section))
    assert values(extracts, "topic") == ["delivery", None]
    with pytest.raises(MappingFault, match=r"no record of /tickets has 'topic\[71\].value'"):
        load(source_of(api, section.replace("17", "71")))


SINCE = """
kind = "rest"
base_url = "{url}"
start_date = 2024-01-01
[[endpoints]]
name = "tickets"
path = "/tickets"
records = "data"
since = {{ param = "since", field = "changed", lag_minutes = 10 }}
[[endpoints]]
name = "comments"
path = "/tickets/{{id}}/comments"
records = "data"
parent = "tickets"
[[entities]]
entity = "tickets"
endpoint = "tickets"
[entities.columns]
ticket_id = "id"
created_at = "opened"
[[entities]]
entity = "messages"
endpoint = "comments"
[entities.columns]
message_id = "id"
ticket_id = "parent.id"
sent_at = "at"
direction = {{ value = "outbound" }}
text = "text"
is_public = {{ value = true }}
"""


def changed(number: int, at: str | int) -> dict[str, Any]:
    return ticket(number, changed=at)


def comment(number: int) -> dict[str, Any]:
    return {"id": f"c{number}", "at": "2024-05-01T09:00:00Z", "text": "We look into it."}


@pytest.fixture
def desk() -> Iterator[JsonApi]:
    api = JsonApi(since=("since", "changed"))
    api.lists["/tickets"] = [changed(1, "2024-05-01T08:00:00Z"), changed(2, "2024-05-01T09:00:00Z")]
    api.lists["/tickets/1/comments"] = [comment(1)]
    api.lists["/tickets/2/comments"] = [comment(2), comment(3)]
    with serving(api) as api:
        yield api


def test_a_load_goes_on_where_the_one_before_has_ended(desk: JsonApi):
    first, state = load(source_of(desk, SINCE))
    assert values(first, "ticket_id") == ["1", "2"]
    assert values(first, "ticket_id", "messages") == ["1", "2", "2"]
    assert desk.asked[0].params == {"since": "2024-01-01T00:00:00Z"}

    desk.asked.clear()
    desk.lists["/tickets"][0] = changed(1, "2024-05-02T08:00:00Z")
    second, state = load(source_of(desk, SINCE), state)
    assert desk.asked[0].params == {"since": "2024-05-01T08:50:00Z"}
    assert values(second, "ticket_id") == ["1"]
    assert [each.path for each in desk.asked] == ["/tickets", "/tickets/1/comments"]


def test_a_record_that_is_shown_late_comes_and_those_around_it_come_once(desk: JsonApi):
    _, state = load(source_of(desk, SINCE))
    desk.lists["/tickets"].append(changed(3, "2024-05-01T08:55:00Z"))
    desk.lists["/tickets/3/comments"] = []
    second, state = load(source_of(desk, SINCE), state)
    assert values(second, "ticket_id") == ["3"]
    assert sum(each.folded for each in second) == 1  # ticket 2 lies within the lag
    third, _ = load(source_of(desk, SINCE), state)
    assert values(third, "ticket_id") == []


def test_a_time_ahead_of_the_servers_clock_hides_nothing_that_comes_before_it(desk: JsonApi):
    desk.lists["/tickets"].append(changed(3, "2999-01-01T00:00:00Z"))
    desk.lists["/tickets/3/comments"] = []
    _, state = load(source_of(desk, SINCE))
    known = datetime.fromisoformat(state["since"]["tickets"])
    assert abs(known - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_time_that_means_never_does_not_stop_the_others(desk: JsonApi):
    desk.lists["/tickets"].insert(0, changed(3, "0001-01-01T00:00:00Z"))
    desk.lists["/tickets/3/comments"] = []
    extracts, state = load(source_of(desk, SINCE.replace("start_date = 2024-01-01", "")))
    assert values(extracts, "ticket_id") == ["3", "1", "2"]
    assert state["since"]["tickets"] == "2024-05-01T09:00:00+00:00"


@pytest.mark.parametrize("at", [None, ""])
def test_records_to_which_nothing_has_happened_yet_are_read(desk: JsonApi, at: Any):
    desk.lists["/tickets"] = [changed(1, at), changed(2, at)]
    extracts, state = load(source_of(desk, SINCE.replace("start_date = 2024-01-01", "")))
    assert values(extracts, "ticket_id") == ["1", "2"]
    assert state["since"] == {}


def test_a_time_that_no_record_has_is_a_slip(desk: JsonApi):
    section = SINCE.replace('field = "changed"', 'field = "updated"')
    with pytest.raises(MappingFault, match="no record of /tickets has a time in 'updated'"):
        load(source_of(desk, section))


@pytest.mark.parametrize("new", [None, {"id": 3}, {"id": 3, "changed": "soon"}])
def test_one_record_without_a_time_is_no_slip_where_others_had_one(desk: JsonApi, new: Any):
    _, state = load(source_of(desk, SINCE))
    desk.since = None
    desk.lists["/tickets"] = [new]
    desk.lists["/tickets/3/comments"] = []
    extracts, after = load(source_of(desk, SINCE), state)
    assert sum(len(each.rejects) for each in extracts if each.table.name == "tickets") == 1
    assert after["since"] == state["since"]


def test_a_record_that_is_gone_with_its_children_does_not_stop_the_others(desk: JsonApi):
    del desk.lists["/tickets/1/comments"]
    extracts, _ = load(source_of(desk, SINCE))
    assert values(extracts, "message_id", "messages") == ["c2", "c3"]


def test_a_path_that_leads_to_nothing_for_all_records_is_a_slip(desk: JsonApi):
    desk.lists["/tickets"] = [changed(n, "2024-05-02T08:00:00Z") for n in range(10)]
    section = SINCE.replace("/tickets/{{id}}/comments", "/tickets/{{id}}/coments")
    with pytest.raises(MappingFault) as caught:
        load(source_of(desk, section))
    problem = "desk: /tickets/{id}/coments is not there (404 or 410) for any of 10 tickets."
    assert str(caught.value).startswith(f"{problem} Correct the path")


UNASKED = "is no text or whole number, and /tickets/{id}/comments is asked by it"


@pytest.mark.parametrize(
    ("bad", "more"),
    [({"id": None}, [UNASKED]), ({"id": {"nr": 3}}, [UNASKED]), ({"changed": "soon"}, [])],
)
def test_one_bad_record_ends_no_later_load(desk: JsonApi, bad: dict[str, Any], more: list[str]):
    _, state = load(source_of(desk, SINCE))
    desk.lists["/tickets"] = [changed(3, "2024-05-02T08:00:00Z") | {"opened": None} | bad]
    desk.lists["/tickets/3/comments"] = []
    extracts, state = load(source_of(desk, SINCE), state)
    rejects = [each for extract in extracts for each in extract.rejects]
    assert [each.reason for each in rejects] == ["is required and empty", *more]
    desk.lists["/tickets"] = [changed(4, "2024-05-02T09:00:00Z")]
    desk.lists["/tickets/4/comments"] = [comment(4)]
    extracts, _ = load(source_of(desk, SINCE), state)
    assert values(extracts, "ticket_id") == ["4"]
    assert values(extracts, "message_id", "messages") == ["c4"]


# A thread is no row of its own: only its comments are.
THREADS = SINCE[: SINCE.index("[[entities]]")] + SINCE[SINCE.rindex("[[entities]]") :]


@pytest.mark.parametrize("broken", [None, "thread", {"id": None}, {"id": ""}, {"id": [3]}])
def test_a_record_whose_children_cannot_be_asked_for_is_told(desk: JsonApi, broken: Any):
    section = THREADS.replace(
        'since = {{ param = "since", field = "changed", lag_minutes = 10 }}', ""
    )
    desk.since = None
    desk.lists["/tickets"].append(broken)
    extracts, _ = load(source_of(desk, section))
    assert values(extracts, "ticket_id", "messages") == ["1", "2", "2"]
    (reject,) = (each for extract in extracts for each in extract.rejects)
    assert (reject.field, reject.original) == ("id", json.dumps(broken))
    assert "/tickets/{id}/comments is asked by it" in reject.reason


def test_one_record_that_cannot_be_asked_for_is_no_slip_where_others_were(desk: JsonApi):
    _, state = load(source_of(desk, THREADS))
    desk.lists["/tickets"] = [{**changed(1, "2024-05-03T08:00:00Z"), "id": None}]
    extracts, state = load(source_of(desk, THREADS), state)
    assert sum(len(each.rejects) for each in extracts) == 1
    assert state["since"]["tickets"] == "2024-05-03T08:00:00+00:00"


def test_a_changed_mapping_reads_all_records_anew_and_a_changed_token_none(desk: JsonApi):
    _, state = load(source_of(desk, SINCE))
    auth = 'auth = { type = "bearer", token = "another" }'
    same, state = load(source_of(desk, SINCE, auth), state)
    assert values(same, "ticket_id") == []
    other = SINCE.replace('text = "text"', 'text = {{ from = "text", lower = true }}')
    anew, _ = load(source_of(desk, other), state)
    assert values(anew, "ticket_id") == ["1", "2"]


@pytest.mark.parametrize("at", ["1714550400", "2024-05-01T08:00:00Z"])
def test_an_api_is_asked_by_unix_time_whether_its_records_have_that_or_iso(desk: JsonApi, at: str):
    desk.lists["/tickets"] = [changed(1, at)]
    section = SINCE.replace("lag_minutes = 10", 'lag_minutes = 10, format = "unix"')
    _, state = load(source_of(desk, section))
    desk.asked.clear()
    load(source_of(desk, section), state)
    assert desk.asked[0].params == {"since": str(1714550400 - 600)}


@pytest.mark.parametrize(
    "condition",
    [
        'where = [{{ column = "merged", is_not = "1"OPTIONAL }}]',
        """
        [entities.columns.status]
        value = "open"
        when = [{{ column = "merged", is_set = trueOPTIONAL, then = "topic" }}]
        """,
    ],
)
def test_a_condition_on_what_no_record_has_is_a_slip_unless_it_is_optional(
    api: JsonApi, condition: str
):
    header = "[entities.columns]"
    section = TICKETS.replace(header, f"{dedent(condition)}\n{header}")
    optional = section.replace("OPTIONAL", ", optional = true")
    assert len(values(load(source_of(api, optional))[0], "ticket_id")) == 5
    with pytest.raises(MappingFault, match="no record of /tickets has 'merged'"):
        load(source_of(api, section.replace("OPTIONAL", "")))


def test_a_record_that_cannot_be_read_goes_to_quarantine_and_the_rest_goes_on(api: JsonApi):
    api.lists["/tickets"][1:3] = ["no object", ticket(3, opened="yesterday")]
    extracts, _ = load(source_of(api))
    assert values(extracts, "ticket_id") == ["1", "4", "5"]
    rejects = [each for extract in extracts for each in extract.rejects]
    assert [(each.line, each.field) for each in rejects] == [(2, ""), (3, "created_at")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, headers={"Retry-After": "2"}),
        Fault(503),
        Fault(200, b'{"data": [{"id": 1'),
        Fault(200, b"<html>a proxy's page</html>"),
    ],
)
def test_what_passes_is_tried_again(api: JsonApi, fault: Fault):
    api.faults = [fault]
    extracts, _ = load(source_of(api))
    assert len(values(extracts, "ticket_id")) == 5


@pytest.mark.parametrize(
    ("body", "headers", "waits"),
    [
        (b'{"error": {"code": 17}}', {}, [300, 300]),
        (b'{"error": {"code": "4"}}', {"Retry-After": "7"}, [7, 7]),
        (b'{"error": {"code": 190}}', {}, []),
        (b'{"error": "17"}', {}, []),
        (b"<html>17</html>", {}, []),
    ],
)
def test_a_refusal_is_waited_out_where_its_code_says_that_too_much_was_asked(
    api: JsonApi, body: bytes, headers: dict[str, str], waits: list[int]
):
    api.faults = [Fault(400, body, headers)] * 3
    busy = 'busy = { path = "error.code", codes = [4, 17], minutes = 5 }'
    waited: list[float] = []
    mapping = source_of(api, more=busy).mapping
    source = RestSource(mapping, RetryPolicy(attempts=3, first_wait=0), waited.append)
    with pytest.raises(SourceError, match="asked too much" if waits else "answered 400"):
        load(source)
    assert waited == waits


@pytest.mark.parametrize(
    ("auth", "allowed"),
    [
        ('{ type = "bearer", token = "s3cret" }', "Bearer s3cret"),
        ('{ type = "basic", username = "ann", password = "s3cret" }', "Basic YW5uOnMzY3JldA=="),
        ('{ type = "api_key", name = "X-Key", key = "s3cret" }', "s3cret"),
        ('{ type = "api_key", name = "key", key = "s3cret", place = "query" }', "s3cret"),
    ],
)
def test_an_api_is_signed_in_to_as_it_wants_and_a_refusal_shows_no_secret(
    api: JsonApi, auth: str, allowed: str
):
    api.allowed = allowed
    extracts, _ = load(source_of(api, more=f"auth = {auth}"))
    assert len(values(extracts, "ticket_id")) == 5
    api.allowed = "something else"
    with pytest.raises(SourceRefused) as refusal:
        load(source_of(api, more=f"auth = {auth}"))
    assert "401" in str(refusal.value)
    assert "s3cret" not in str(refusal.value)
    assert "YW5u" not in str(refusal.value)


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ("", "Bearer granted"),
        (', refresh_token = "r3fresh"', "Bearer granted"),
        (', header = "X-Key"', "granted"),
    ],
)
def test_an_access_token_is_asked_for_once(api: JsonApi, more: str, allowed: str):
    api.allowed = allowed
    api.pages = "page"
    granted = json.dumps({"access_token": "granted", "expires_in": 3600}).encode()
    api.faults = [Fault(200, granted)]
    client = f'token_url = "{api.url}/token", client_id = "c", client_secret = "s3cret"{more}'
    extracts, _ = load(
        source_of(api, more=f'auth = {{ type = "oauth2", {client} }}\n{PAGES["page"]}')
    )
    assert len(values(extracts, "ticket_id")) == 5
    tokens = [each for each in api.asked if each.path == "/token"]
    kind = b"grant_type=refresh_token" if "refresh" in more else b"grant_type=client_credentials"
    assert len(tokens) == 1
    assert kind in tokens[0].body
    api.faults = [Fault(200, granted), Fault(403, b'{"error": "granted may not read this"}')]
    with pytest.raises(SourceRefused, match=r"\*\*\* may not read this"):
        load(source_of(api, more=f'auth = {{ type = "oauth2", {client} }}'))


def test_a_signed_token_is_made_anew_for_each_call_and_shows_no_secret(api: JsonApi):
    api.pages = "page"
    secret = "5ec2e7" * 11
    key = f'type = "jwt", key = "id:{secret}", audience = "/admin/", scheme = "Ghost"'
    load(source_of(api, more=f"auth = {{ {key} }}\n{PAGES['page']}"))
    for asked in api.asked:
        scheme, token = asked.headers["Authorization"].split()
        said = jwt.decode(
            token,
            bytes.fromhex(secret),
            ["HS256"],
            audience="/admin/",
        )
        assert (scheme, jwt.get_unverified_header(token)["kid"]) == ("Ghost", "id")
        assert said["exp"] - said["iat"] == 300
        assert secret not in token


def test_what_is_said_of_now_gets_the_day_of_the_answer(api: JsonApi):
    columns = """
account_id = "id"
followers = "followers"
snapshot_date = "answered_at"
network = {{ value = "n" }}
"""
    section = TICKETS[: TICKETS.index("ticket_id")] + columns
    section = section.replace('entity = "tickets"', 'entity = "audience_snapshots"')
    api.lists["/tickets"] = [{"id": 1, "followers": 7}]
    before = datetime.now(UTC).date()
    extracts, _ = load(source_of(api, section))
    (day,) = values(extracts, "snapshot_date", "audience_snapshots")
    assert before <= day <= datetime.now(UTC).date()


def test_a_client_may_be_known_by_name_and_password(api: JsonApi):
    api.allowed, api.pages = "Bearer granted", "page"
    api.faults = [Fault(200, b'{"access_token": "granted", "expires_in": 3600}')]
    client = 'client_id = "ann", client_secret = "s3cret", client = "basic"'
    auth = f'auth = {{ type = "oauth2", token_url = "{api.url}/token", {client} }}\n'
    extracts, _ = load(source_of(api, more=auth + PAGES["page"]))
    assert len(values(extracts, "ticket_id")) == 5
    asked = api.asked[0]
    assert asked.headers["Authorization"] == "Basic YW5uOnMzY3JldA=="
    assert asked.body == b"grant_type=client_credentials"
    api.faults = [Fault(401, b'{"said": "no YW5uOnMzY3JldA== or s3cret"}')]
    with pytest.raises(SourceRefused) as refused:
        load(source_of(api, more=auth))
    assert "s3cret" not in str(refused.value)
    assert "YW5u" not in str(refused.value)


def test_a_login_gives_a_token_and_its_refusal_shows_no_secret(api: JsonApi):
    api.allowed, api.pages = "Bearer granted", "page"
    body = 'body = { user = "ann", password = "s3cret" }, token = "jwt"'
    auth = f'auth = {{ type = "login", token_url = "{api.url}/login", {body} }}\n'
    api.faults = [Fault(200, b'{"jwt": "granted"}')]
    extracts, _ = load(source_of(api, more=auth + PAGES["page"]))
    assert len(values(extracts, "ticket_id")) == 5
    logins = [json.loads(each.body) for each in api.asked if each.path == "/login"]
    assert logins == [{"user": "ann", "password": "s3cret"}]
    for refusal in (Fault(401, b'{"said": "no s3cret"}'), Fault(200, b'{"jwt": null}')):
        api.faults = [refusal]
        with pytest.raises(SourceRefused) as refused:
            load(source_of(api, more=auth))
        assert "s3cret" not in str(refused.value)


def test_a_next_page_on_another_server_is_refused(api: JsonApi):
    elsewhere = {"data": [ticket(1)], "next": "https://elsewhere.example/tickets?page=2"}
    api.faults = [Fault(200, json.dumps(elsewhere).encode())]
    with pytest.raises(SourceAnswerBroken, match="another server"):
        load(source_of(api, more=PAGES["next_link"]))


def test_pages_that_lead_round_in_a_circle_have_an_end(api: JsonApi):
    first = {"data": [ticket(1)], "next": f"{api.url}/tickets?page=2"}
    again = {"data": [ticket(2)], "next": f"{api.url}/tickets?page=2"}
    api.faults = [Fault(200, json.dumps(each).encode()) for each in (first, again, again)]
    with pytest.raises(SourceAnswerBroken, match="circle"):
        load(source_of(api, more=PAGES["next_link"]))


def test_a_server_that_knows_no_end_is_left(api: JsonApi):
    empty = [{"data": [], "meta": {"after": str(number)}} for number in range(1000)]
    api.faults = [Fault(200, json.dumps(each).encode()) for each in empty]
    with pytest.raises(SourceAnswerBroken, match="are empty"):
        load(source_of(api, more=PAGES["cursor"]))
    assert len(api.asked) < 30
    same = json.dumps({"data": [ticket(1)]}).encode()
    api.faults = [Fault(200, same)] * 100
    with pytest.raises(SourceAnswerBroken, match="same page"):
        load(source_of(api, more=PAGES["page"]))


def test_an_empty_page_in_the_middle_is_no_end(api: JsonApi):
    api.pages = "cursor"
    gap = {"data": [], "meta": {"after": "0"}}
    api.faults = [Fault(200, json.dumps(gap).encode())]
    extracts, _ = load(source_of(api, more=PAGES["cursor"]))
    assert len(values(extracts, "ticket_id")) == 5


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('records = "data"', 'records = "dta"', "gives no list 'dta'"),
        ('records = "data"', 'records = "meta"', "gives no list 'meta'"),
        (
            'created_at = "opened"',
            'created_at = "openedAt"',
            "no record of /tickets has 'openedAt'",
        ),
    ],
)
def test_an_api_that_is_not_as_declared_says_so(api: JsonApi, old: str, new: str, problem: str):
    with pytest.raises(MappingFault, match=problem):
        load(source_of(api, TICKETS.replace(old, new)))


def test_an_empty_answer_empties_no_table(api: JsonApi):
    section = TICKETS.replace('entity = "tickets"', 'entity = "tickets"\ncomplete = true')
    extracts, _ = load(source_of(api, section))
    assert [each.is_whole for each in extracts].count(True) == 1
    api.lists["/tickets"] = []
    extracts, _ = load(source_of(api, section))
    assert not any(each.is_whole for each in extracts)


LOOKUPS = """
kind = "rest"
base_url = "{url}"
pages = {{ type = "cursor", path = "meta.after", param = "after" }}
[[endpoints]]
name = "comments"
path = "/comments"
records = "data"
[[endpoints]]
name = "agents"
path = "/agents"
records = "data"
[[entities]]
entity = "messages"
endpoint = "comments"
[entities.columns]
message_id = "id"
ticket_id = "ticket"
sent_at = "at"
text = "text"
is_public = true
[entities.columns.direction]
from = "author"
lookup = {{ endpoint = "agents", key = "id", value = "role" }}
map = {{ agent = "outbound", admin = "outbound" }}
default = "inbound"
"""
AGENTS = """
[[entities]]
entity = "agents"
endpoint = "agents"
[entities.columns]
agent_id = "id"
team = {{ from = "name", optional = true }}
"""


@pytest.fixture
def office() -> Iterator[JsonApi]:
    comments = [{**comment(each), "ticket": 1, "author": each} for each in range(1, 7)]
    agents = [{"id": f"{each}", "role": "agent", "name": f"A {each}"} for each in (2, 3, 4)]
    lists = {"/comments": comments, "/agents": [*agents, {"id": 6, "role": "admin"}]}
    with serving(JsonApi(lists, "cursor")) as api:
        yield api


def test_a_value_is_looked_up_in_every_page_of_an_endpoint_that_is_listed_later(office: JsonApi):
    extracts, _ = load(source_of(office, LOOKUPS))
    found = dict(
        zip(
            values(extracts, "message_id", "messages"),
            values(extracts, "direction", "messages"),
            strict=True,
        )
    )
    agents = {"c2", "c3", "c4", "c6"}
    assert found == {
        f"c{each}": "outbound" if f"c{each}" in agents else "inbound" for each in range(1, 7)
    }


def test_an_endpoint_that_is_looked_up_in_and_loaded_is_read_once(office: JsonApi):
    extracts, _ = load(source_of(office, LOOKUPS + AGENTS))
    assert values(extracts, "agent_id", "agents") == ["2", "3", "4", "6"]
    assert len([each for each in office.asked if each.path == "/agents"]) == 2


SIBLINGS = """
kind = "rest"
base_url = "{url}"
[[endpoints]]
name = "campaigns"
path = "/campaigns"
records = "data"
[[endpoints]]
name = "gone"
path = "/campaigns/{{id}}/gone"
records = "data"
parent = "campaigns"
[[endpoints]]
name = "sent"
path = "/campaigns/{{id}}/sent"
records = "data"
parent = "campaigns"
[[entities]]
entity = "campaign_touches"
endpoint = "sent"
[entities.columns]
touch_id = {{ join = ["parent.id", "who"] }}
campaign_id = "parent.id"
sent_at = "parent.at"
[entities.columns.channel]
join = ["parent.id", "who"]
lookup = {{ endpoint = "gone", key = ["parent.id", "who"], value = "why" }}
"""


def test_a_value_is_looked_up_beside_it_for_each_record_of_the_parent():
    lists: dict[str, list[Any]] = {
        "/campaigns": [{"id": each, "at": "2026-05-01"} for each in (1, 2)],
        "/campaigns/1/sent": [{"who": "ann"}, {"who": "bob"}],
        "/campaigns/2/sent": [{"who": "ann"}, {"who": "bob"}],
        "/campaigns/1/gone": [{"who": "ann", "why": "spam"}],
        "/campaigns/2/gone": [{"who": "bob", "why": "rare"}],
    }
    with serving(JsonApi(lists, "none")) as api:
        extracts, _ = load(source_of(api, SIBLINGS))
    columns = (values(extracts, each, "campaign_touches") for each in ("touch_id", "channel"))
    found = zip(*columns, strict=True)
    assert dict(found) == {"1:ann": "spam", "1:bob": None, "2:ann": None, "2:bob": "rare"}


def test_nothing_to_look_up_in_leaves_every_record_to_the_default(office: JsonApi):
    office.lists["/agents"] = []
    extracts, _ = load(source_of(office, LOOKUPS))
    assert values(extracts, "direction", "messages") == ["inbound"] * 6


def test_a_value_is_looked_up_in_lists_of_records_and_a_misspelt_one_is_named(office: JsonApi):
    office.lists["/agents"] = [{"team": "A", "who": office.lists["/agents"]}, {"who": []}]
    lists = LOOKUPS.replace(
        'key = "id", value = "role"', 'rows = "who", key = "who.id", value = "who.role"'
    )
    extracts, _ = load(source_of(office, lists))
    outbound = [each for each in values(extracts, "direction", "messages") if each == "outbound"]
    assert len(outbound) == 4
    for name, misspelt in (("who.role", "who.rank"), ("who", "whom")):
        with pytest.raises(MappingFault, match=f"no record of /agents has .*'{misspelt}'"):
            load(source_of(office, lists.replace(f'"{name}"', f'"{misspelt}"')))


def test_a_lookup_that_misses_its_field_or_a_record_is_no_empty_one(office: JsonApi):
    with pytest.raises(MappingFault, match="no record of /agents has 'rank'"):
        load(source_of(office, LOOKUPS.replace('"role"', '"rank"')))
    office.lists["/agents"].insert(0, "no object")
    with pytest.raises(SourceAnswerBroken, match="record 1 of /agents"):
        load(source_of(office, LOOKUPS))


def test_a_preview_looks_values_up_and_says_where_that_fails(office: JsonApi):
    (found,) = source_of(office, LOOKUPS).previews("messages", 5)
    assert found.preview is not None
    shown = [{each.column: each.mapped for each in row.cells} for row in found.preview.rows]
    assert [each["direction"] for each in shown] == ["inbound", "outbound"]
    del office.lists["/agents"]
    (found,) = source_of(office, LOOKUPS).previews("messages", 5)
    assert "/agents" in str(found.problem)


def test_a_preview_says_that_the_rows_of_a_section_that_removes_leave(api: JsonApi):
    removal = """
[[entities]]
entity = "tickets"
endpoint = "tickets"
removes = true
columns = {{ ticket_id = "id" }}
"""
    brought, removed = source_of(api, TICKETS + removal).previews("tickets", 1)
    assert (brought.removes, removed.removes) == (False, True)
    assert removed.preview is not None
    assert [each.column for each in removed.preview.rows[0].cells] == ["ticket_id"]


GRAPH = """
kind = "rest"
base_url = "{url}"
[[endpoints]]
name = "orders"
path = "/graph"
method = "POST"
records = "data"
body = {{ query = "query($after: String) {{ orders(after: $after) {{ id }} }}", variables = {{}} }}
[endpoints.pages]
type = "cursor"
path = "meta.after"
body_path = "variables.after"
has_more = "meta.more"
[[entities]]
entity = "orders"
endpoint = "orders"
[entities.columns]
order_id = "id"
ordered_at = "at"
gross_amount = "total"
currency = {{ value = "EUR" }}
[[entities]]
entity = "order_lines"
endpoint = "orders"
rows = "lines"
[entities.columns]
order_id = "id"
line_id = "lines.id"
product_id = "lines.sku"
quantity = "lines.quantity"
"""


def test_a_graph_is_read_over_post_and_its_errors_are_refusals(api: JsonApi):
    api.pages = "cursor"
    lines = [{"id": 1, "sku": "a", "quantity": 2}, {"id": 2, "sku": "b", "quantity": 1}]
    order = {"at": "2024-05-01T10:00:00Z", "total": "19.90", "lines": lines}
    api.lists["/graph"] = [{"id": number, **order} for number in range(5)]
    extracts, _ = load(source_of(api, GRAPH))
    assert values(extracts, "order_id", "orders") == ["0", "1", "2", "3", "4"]
    assert len(values(extracts, "line_id", "order_lines")) == 10
    api.faults = [Fault(200, b'{"errors": [{"message": "no field ids"}], "data": null}')]
    with pytest.raises(SourceRefused, match="no field ids"):
        load(source_of(api, GRAPH))


def test_what_a_graph_refuses_to_give_is_not_taken_for_no_value(api: JsonApi):
    denied = {"data": [{"id": 1, "at": None}], "errors": [{"message": "at is protected"}]}
    api.faults = [Fault(200, json.dumps(denied).encode())]
    with pytest.raises(SourceRefused, match="at is protected"):
        load(source_of(api, GRAPH))


def test_a_graph_that_is_asked_too_much_is_asked_again(api: JsonApi):
    api.pages = "cursor"
    order = {"at": "2024-05-01T10:00:00Z", "total": "19.90", "lines": []}
    api.lists["/graph"] = [{"id": 1, **order}]
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    throttled = Fault(200, json.dumps({"errors": [error]}).encode())
    api.faults = [throttled]
    extracts, _ = load(source_of(api, GRAPH))
    assert values(extracts, "order_id", "orders") == ["1"]
    api.faults = [throttled] * 3
    with pytest.raises(SourceError, match=r"asked too much\. Lower calls_per_minute"):
        load(source_of(api, GRAPH))


def test_lists_that_are_all_empty_are_no_fault_of_the_mapping(api: JsonApi):
    api.pages = "cursor"
    api.lists["/graph"] = [{"id": 1, "at": "2024-05-01T10:00:00Z", "total": "19.90", "lines": []}]
    extracts, _ = load(source_of(api, GRAPH))
    assert values(extracts, "order_id", "orders") == ["1"]
    assert values(extracts, "line_id", "order_lines") == []


@pytest.mark.parametrize(
    ("since", "asked"),
    [
        ('body_path = "variables.since"', "2024-05-01T09:00:00Z"),
        (
            'body_path = "variables.since", text = "updated_at:>=\'{since}\'"',
            "updated_at:>='2024-05-01T09:00:00Z'",
        ),
    ],
)
def test_a_graph_is_asked_for_what_changed_in_the_words_of_its_search(
    api: JsonApi, since: str, asked: str
):
    api.pages = "cursor"
    order = {"at": "2024-05-01T10:00:00Z", "total": "19.90", "lines": []}
    api.lists["/graph"] = [{"id": number, **order} for number in range(3)]
    changes = f'since = {{ {since}, field = "at" }}\n[endpoints.pages]'
    graph = GRAPH.replace("[endpoints.pages]", changes.replace("{", "{{").replace("}", "}}"))
    _, state = load(source_of(api, graph))
    api.asked.clear()
    load(source_of(api, graph), state)
    variables = [json.loads(each.body)["variables"] for each in api.asked]
    assert variables == [{"since": asked}, {"since": asked, "after": "2"}]


def test_the_time_may_stand_in_a_list_of_the_body_and_be_written_otherwise_than_in_records(
    desk: JsonApi,
):
    desk.lists["/tickets"] = [changed(1, 1714550400)]
    section = SINCE.replace('path = "/tickets"', 'path = "/tickets"\nmethod = "POST"')
    section = section.replace('param = "since"', 'body_path = "filter.0.values.0", format = "date"')
    body = 'body = {{ filter = [{{ key = "changed", values = ["1970-01-01"] }}] }}\nsince'
    section = section.replace("since = ", f"{body} = ")
    _, state = load(source_of(desk, section))
    desk.asked.clear()
    load(source_of(desk, section), state)
    asked = json.loads(desk.asked[0].body)
    assert asked == {"filter": [{"key": "changed", "values": ["2024-05-01"]}]}


def test_a_parameter_may_hold_a_condition_around_the_time(desk: JsonApi):
    changes = 'since = { param = "filter", text = "ge(opened,{since})", field = "opened" }'
    section = TICKETS.replace('records = "data"', 'records = "data"\n' + changes)
    section = section.replace("{ param", "{{ param").replace("{since}", "{{since}}")
    section = section.replace('"opened" }', '"opened" }}')
    _, state = load(source_of(desk, section))
    desk.asked.clear()
    load(source_of(desk, section), state)
    assert desk.asked[0].params["filter"] == "ge(opened,2024-05-01T07:00:00Z)"


def test_a_check_asks_each_endpoint_once(desk: JsonApi):
    said = source_of(desk, SINCE).check()
    assert said.endswith("tickets (2 records), comments (1 records)")
    del desk.lists["/tickets"]
    with pytest.raises(SourceError, match="404"):
        source_of(desk, SINCE).check()


@pytest.mark.parametrize("first", [None, "ticket", {"id": None}])
def test_a_check_and_a_preview_ask_for_the_children_of_a_record_that_has_an_id(
    desk: JsonApi, first: Any
):
    desk.since = None
    desk.lists["/tickets"].insert(0, first)
    assert "comments (1 records)" in source_of(desk, SINCE).check()
    (found,) = source_of(desk, SINCE).previews("messages", 1)
    assert found.problem is None


def test_a_check_says_that_children_are_gone_and_a_preview_goes_on(desk: JsonApi):
    del desk.lists["/tickets/1/comments"]
    gone = "comments (not there for the first record, 404 or 410)"
    assert gone in source_of(desk, SINCE).check()
    desk.lists["/tickets"] = []
    assert "comments (nothing to ask for)" in source_of(desk, SINCE).check()
    (found,) = source_of(desk, SINCE).previews("messages", 1)
    assert found.problem is None


def test_a_check_asks_for_one_record_where_a_page_has_a_size(api: JsonApi):
    api.pages = "offset"
    source = source_of(api, more=PAGES["offset"])
    source.check()
    assert [asked.params["limit"] for asked in api.asked] == ["1"]
    load(source)
    assert {asked.params["limit"] for asked in api.asked[1:]} == {"2"}


def test_a_preview_shows_records_as_received_and_as_mapped(desk: JsonApi):
    (found,) = source_of(desk, SINCE).previews("messages", 5)
    assert found.preview is not None
    cells = {each.column: (each.received, each.mapped) for each in found.preview.rows[0].cells}
    assert cells["ticket_id"] == ("1", "1")
    assert cells["sent_at"] == ("2024-05-01T09:00:00Z", "2024-05-01 09:00:00")


def test_rows_that_override_others_come_after_them_whatever_waits(monkeypatch):
    monkeypatch.setattr(reading, "BATCH_RECORDS", 3)
    sent = [{"id": number, "campaign": 1, "at": "2024-05-01T08:00:00Z"} for number in range(1, 6)]
    with serving(JsonApi({"/sent": sent, "/opened": sent[:1:-1]}, pages="page")) as api:
        extracts, _ = load(source_of(api, SENDS, PAGES["page"]))
    keys, states = (values(extracts, each, "campaign_touches") for each in ("touch_id", "status"))
    assert dict(zip(keys, states, strict=True)) == {
        "1": None,
        "2": None,
        "3": "opened",
        "4": "opened",
        "5": "opened",
    }
    assert {each.section for each in extracts if each.overrides} == {"opened"}

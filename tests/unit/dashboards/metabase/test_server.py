"""Risk: the strict Metabase of our tests takes what a real one refuses or drops."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.metabase import errors
from dashboards.metabase.client import Client
from tests.fixtures.metabase_server import FakeMetabase, contract, serving

NEEDS_DOCUMENTS = pytest.mark.skipif(
    not contract.ARE_PRESENT, reason="the official documents are not here"
)
WAREHOUSE = {"host": "h", "port": 1, "dbname": "d", "user": "u", "password": "p", "ssl": False}
TAG = {"id": "1", "name": "month", "display-name": "Month", "type": "text"}
MONTH = {"id": "f1", "type": "string/=", "name": "Month", "slug": "month"}
EMAIL = {"channel_type": "email", "schedule_type": "daily", "schedule_hour": 7}
TARGET = ["variable", ["template-tag", "month"]]


@pytest.fixture
def fake() -> Iterator[FakeMetabase]:
    with serving(FakeMetabase()) as started:
        yield started


@pytest.fixture
def client(fake: FakeMetabase) -> Client:
    return signed_in(fake)


def signed_in(fake: FakeMetabase) -> Client:
    client = Client(fake.url)
    client.use_api_key(fake.api_key())
    return client


def card(client: Client) -> int:
    database = {"name": "W", "engine": "postgres", "details": WAREHOUSE}
    at = client.post("/api/database", database)["id"]
    native = {"query": "select {{month}}", "template-tags": {"month": TAG}}
    query = {"type": "native", "native": native, "database": at}
    body = {"name": "A", "display": "table", "visualization_settings": {}, "dataset_query": query}
    return client.post("/api/card", body)["id"]


def dashcard(at: int, row: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": at, "row": row, "col": 0, "size_x": 4, "size_y": 4, **more}


def board(client: Client, *dashcards: dict[str, Any]) -> dict[str, Any]:
    at = client.post("/api/dashboard", {"name": "B", "parameters": [MONTH]})["id"]
    return client.put(f"/api/dashboard/{at}", {"dashcards": list(dashcards)})


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("collection", {"name": "A", "entity_id": "x" * 21}, "entity_id"),
        ("dashboard", {"name": "A", "dashcards": [dashcard(-1)]}, "dashcards"),
        ("dashboard", {"name": "A", "parameters": [{**MONTH, "x": 1}]}, "parameters.0.x"),
    ],
)
@pytest.mark.parametrize("mode", ["refuse", "strip"])
@pytest.mark.parametrize("version", ["v0.54.2", "v0.59.1"])
@pytest.mark.shared
@NEEDS_DOCUMENTS
def test_a_key_that_nobody_declares_is_refused_or_dropped(
    version: str, mode: Any, path: str, body: dict[str, Any], key: str
) -> None:
    with serving(FakeMetabase(version=version, unknown_keys=mode)) as fake:
        if mode == "refuse":
            with pytest.raises(errors.Refused, match="unknown key"):
                signed_in(fake).post(f"/api/{path}", body)
            assert [each.why for each in fake.refusals] == [{key: "unknown key"}]
            return
        made = signed_in(fake).post(f"/api/{path}", body)
        assert "x" not in str(made.get("parameters"))
        assert made.get("entity_id") != "x" * 21 and not made.get("dashcards")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("card", {"name": ""}),
        ("dashboard", {}),
        ("collection", {"name": "A", "parent_id": "3"}),
        ("pulse", {"name": "A", "cards": []}),
    ],
)
@pytest.mark.parametrize("version", ["v0.54.2", "v0.59.1"])
@pytest.mark.shared
@NEEDS_DOCUMENTS
def test_a_value_of_the_wrong_kind_is_refused(version: str, path: str, body: dict) -> None:
    with serving(FakeMetabase(version=version)) as fake, pytest.raises(errors.Refused):
        signed_in(fake).post(f"/api/{path}", body)


def test_lists_are_replaced_whole_and_new_items_get_real_ids(client: Client) -> None:
    at = card(client)
    made = board(client, dashcard(-1, card_id=at), dashcard(-2, row=4, card_id=at))
    ids = [each["id"] for each in made["dashcards"]]
    assert min(ids) > 0
    path = f"/api/dashboard/{made['id']}"
    kept = {"dashcards": [dashcard(ids[1], card_id=at), dashcard(-1, row=4, card_id=at)]}
    after = [each["id"] for each in client.put(path, kept)["dashcards"]]
    assert after == [ids[1], ids[1] + 1]
    assert client.put(path, {"dashcards": []})["dashcards"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        [dashcard(-1), dashcard(-1, row=4)],
        [dashcard(777)],
        [dashcard(-1, dashboard_tab_id=5)],
        [{"mapping": {"parameter_id": "gone", "target": TARGET}}],
        [{"mapping": {"parameter_id": "f1", "target": ["variable", ["template-tag", "moth"]]}}],
    ],
)
def test_ids_and_filters_that_are_none_are_refused(client: Client, wrong: list) -> None:
    at = card(client)
    sent = [
        dashcard(-1, card_id=at, parameter_mappings=[{"card_id": at, **each["mapping"]}])
        if "mapping" in each
        else each
        for each in wrong
    ]
    with pytest.raises(errors.Refused):
        board(client, *sent)


def test_what_would_not_show_is_noted(fake: FakeMetabase, client: Client) -> None:
    at = card(client)
    board(client, dashcard(-1), dashcard(-2, row=2, card_id=at), dashcard(-3, row=4, card_id=at))
    assert [sorted(each.why) for each in fake.refusals] == [["dashcards", "dashcards.0"]]


def test_a_parameter_that_is_taken_away_ends_the_subscriptions_that_use_it(
    fake: FakeMetabase, client: Client
) -> None:
    at = card(client)
    made = board(client, dashcard(-1, card_id=at))
    listed = {"id": at, "dashboard_card_id": made["dashcards"][0]["id"]}
    body = {
        "name": "Kim's",
        "dashboard_id": made["id"],
        "cards": [{**listed, "include_csv": False, "include_xls": False}],
        "channels": [{**EMAIL, "recipients": [{"email": "kim@example.com"}]}],
        "parameters": [MONTH],
    }
    pulse = client.post("/api/pulse", body)["id"]
    client.put(f"/api/dashboard/{made['id']}", {"parameters": [MONTH]})
    assert not fake.pulses[pulse]["archived"]
    client.put(f"/api/dashboard/{made['id']}", {"parameters": []})
    assert fake.pulses[pulse]["archived"] and len(fake.mails) == 1


def test_a_stale_revision_and_the_rights_of_administrators_are_refused(client: Client) -> None:
    path = "/api/collection/graph"
    revision = client.get(path)["revision"]
    at = client.post("/api/collection", {"name": "A"})["id"]
    with pytest.raises(errors.Outdated):
        client.put(path, {"revision": revision, "groups": {"1": {str(at): "none"}}})
    revision = client.get(path)["revision"]
    with pytest.raises(errors.Refused):
        client.put(path, {"revision": revision, "groups": {"2": {str(at): "none"}}})
    after = client.put(path, {"revision": revision, "groups": {"1": {str(at): "none"}}})
    assert (after["revision"], after["groups"]["1"][str(at)]) == (revision + 1, "none")
    assert after["groups"]["1"]["root"] == "write"


def test_a_card_in_the_trash_does_not_show_and_its_alerts_end(
    fake: FakeMetabase, client: Client
) -> None:
    at = card(client)
    made = board(client, dashcard(-1, card_id=at))
    body = {"payload_type": "notification/card", "payload": {"card_id": at}}
    client.post("/api/notification", body)
    client.put(f"/api/card/{at}", {"archived": True})
    assert client.get(f"/api/dashboard/{made['id']}")["dashcards"] == []
    assert client.get("/api/notification") == [] and len(fake.mails) == 1

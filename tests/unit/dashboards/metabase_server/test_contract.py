"""A client that sends what Metabase doesn't know, or of the wrong kind, must be found out."""

import pytest
import requests

from tests.fixtures.metabase_server.contract import official, small
from tests.fixtures.metabase_server.contract.documents import Document, Operation

CARD = {
    "name": "A",
    "display": "table",
    "visualization_settings": {},
    "dataset_query": {"type": "native", "database": 1, "native": {"query": "select 1"}},
}
DASHCARD = {"id": -1, "row": 0, "col": 0, "size_x": 4, "size_y": 4}


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("collection", {"name": "A", "color": "#fff"}, "color"),
        ("collection", {"name": "A", "entity_id": "x" * 21}, "entity_id"),
        ("dashboard", {"name": "A", "dashcards": [DASHCARD]}, "dashcards"),
        ("card", {**CARD, "colour": 1}, "colour"),
        ("card", {**CARD, "parameters": [{"id": "a", "type": "id", "x": 1}]}, "parameters.0.x"),
        ("database", {"name": "A", "engine": "postgres", "details": {}, "host": "h"}, "host"),
    ],
)
@pytest.mark.parametrize("mode", ["refuse", "strip"])
def test_a_key_that_is_dropped_silently_is_told_or_dropped(opened, mode, path, body, key):
    hands = opened(unknown_keys=mode)
    hands.database()
    status, answer = hands.post(path, body)
    fake = hands.fake
    if mode == "refuse":
        assert (status, answer["errors"]) == (400, {key: "unknown key"})
        assert [(each.kind, each.why) for each in fake.refusals] == [("key", answer["errors"])]
    else:
        assert (status, fake.refusals) == (200, [])
        assert [each.why for each in fake.stripped] == [{key: "unknown key"}]
        assert _at(answer, key) != _at(body, key)


def test_keys_of_a_dashcard_are_known_although_no_document_has_them(opened):
    for mode, status in (("refuse", 400), ("strip", 200)):
        hands = opened(unknown_keys=mode)
        card, dashboard = hands.card(hands.database()), hands.dashboard()
        known = {**DASHCARD, "card_id": card, "visualization_settings": {"card.title": "T"}}
        assert hands.put(f"dashboard/{dashboard}", {"dashcards": [known]}).status == 200
        unknown = {**known, "card_title": "T"}
        assert hands.put(f"dashboard/{dashboard}", {"dashcards": [unknown]}).status == status
        for dashcard in hands.fake.dashboards[dashboard]["dashcards"]:
            assert "card_title" not in dashcard


@pytest.mark.parametrize(
    ("method", "path", "body", "key"),
    [
        ("POST", "card", {**CARD, "name": ""}, "name"),
        ("POST", "card", {**CARD, "name": 3}, "name"),
        ("POST", "card", {key: CARD[key] for key in CARD if key != "display"}, "display"),
        ("POST", "card", {**CARD, "collection_id": "3"}, "collection_id"),
        ("POST", "card", {**CARD, "type": "chart"}, "type"),
        ("POST", "card", {**CARD, "description": 5}, "description"),
        ("POST", "dashboard", {}, "name"),
        ("PUT", "dashboard/1", {"dashcards": [{"id": -1}]}, "dashcards"),
        ("PUT", "dashboard/1", {"dashcards": [{**DASHCARD, "size_x": 0}]}, "dashcards"),
        ("PUT", "dashboard/1", {"dashcards": [{**DASHCARD, "row": -1}]}, "dashcards"),
        ("PUT", "dashboard/1", {"tabs": [{"id": -1, "name": ""}]}, "tabs"),
        ("PUT", "dashboard/1", {"parameters": [{"id": "a"}]}, "parameters"),
        ("PUT", "dashboard/1", {"width": "wide"}, "width"),
        ("POST", "collection", {"name": "A", "parent_id": 0}, "parent_id"),
        ("POST", "collection", {"name": "A", "authority_level": "high"}, "authority_level"),
        ("PUT", "collection/graph", {"revision": 1}, "groups"),
        ("POST", "permissions/membership", {"group_id": 1}, "user_id"),
        ("POST", "api-key", {"name": "A"}, "group_id"),
        ("POST", "database", {"name": "A", "engine": "postgres"}, "details"),
        ("POST", "pulse", {"name": "A", "cards": []}, "channels"),
        ("GET", "card?f=some", None, "f"),
        ("GET", "card/first", None, "id"),
        ("GET", "pulse?dashboard_id=first", None, "dashboard_id"),
        ("GET", "database/1/metadata?include_hidden=perhaps", None, "include_hidden"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_under_its_key(hands, method, path, body, key):
    status, answer = hands.ask(method, path, body)
    assert (status, list(answer["errors"])) == (400, [key])
    assert list(answer["specific-errors"]) == [key]
    assert [(each.kind, list(each.why)) for each in hands.fake.refusals] == [("contract", [key])]


def test_null_stands_for_a_key_that_may_be_left_out(hands):
    hands.database()
    unset = dict.fromkeys(["description", "collection_id", "cache_ttl", "result_metadata", "type"])
    assert hands.post("card", {**CARD, **unset}).status == 200
    assert hands.post("dashboard", {"name": "A", "description": None}).status == 200
    assert hands.post("card", {**CARD, "name": None}).status == 400


def test_what_has_a_default_may_be_left_out_although_the_documents_require_it(hands):
    hands.database()
    for path in ("collection", "card", "pulse", "search", "user", "database/1/metadata"):
        assert hands.get(path).status == 200, path
    assert hands.get("collection/root/items", models=["card", "dashboard"]).status == 200
    assert hands.fake.refusals == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "cards"),
        ("POST", "dashboard/1/cards"),
        ("POST", "dashboard/1/dashcards"),
        ("POST", "collection/1"),
        ("PUT", "permissions/group"),
    ],
)
def test_a_call_that_is_in_no_document_is_answered_as_such(hands, method, path):
    assert hands.ask(method, path, {}) == (404, "API endpoint does not exist.")
    assert [each.kind for each in hands.fake.refusals] == ["call"]


def test_a_slash_at_the_end_makes_no_difference(hands):
    assert hands.get("card/").status == hands.get("card").status == 200
    assert hands.fake.refusals == []


def test_a_query_that_no_document_has_is_refused_and_paging_is_not(hands):
    assert hands.get("card", filter="all").status == 400
    for number in range(3):
        hands.made("collection", {"name": f"C{number}"})
    page = hands.get("collection/root/items", limit=2, offset=2).body
    assert (page["total"], [each["name"] for each in page["data"]]) == (3, ["C2"])


def test_a_body_that_is_not_json_is_refused(hands):
    url = f"{hands.fake.url}/api/collection"
    headers = {**hands.headers, "Content-Type": "application/json"}
    assert requests.post(url, data="{", headers=headers, timeout=20).status_code == 400
    # Metabase looks at no other content, and so misses the name.
    assert requests.post(url, data={"name": "A"}, headers=hands.headers, timeout=20).json()[
        "errors"
    ].keys() == {"name"}


@pytest.mark.shared
@pytest.mark.skipif(not official.are_present(), reason="the official documents are not here")
@pytest.mark.parametrize("is_newer", [False, True])
def test_our_words_and_the_official_documents_say_the_same(is_newer):
    ours = small.document(is_newer)
    theirs = official.read(official.NEWER if is_newer else official.OLDER)
    assert ours.keys() <= theirs.keys()
    for key in sorted(ours.keys()):
        mine, other = _named(ours, key), _named(theirs, key)
        assert list(_differences((mine, mine.query), (other, other.query))) == [], key
        assert list(_differences((mine, mine.body), (other, other.body))) == [], key


def _at(held, place):
    """Return what is at a place like `parameters.0.x`."""
    for step in place.split("."):
        held = held[int(step)] if isinstance(held, list) else held.get(step)
    return held


def _named(document: Document, key: str) -> Operation:
    operation = document.of(key)
    assert operation is not None
    return operation


def _differences(ours, theirs):
    """Give the keys of ours that aren't theirs, and those that only one of them requires."""
    mine, other = ([*each[0]._leaves(each[1])] for each in (ours, theirs))
    for pair in zip(_held(mine, "items"), _held(other, "items"), strict=False):
        yield from _differences((ours[0], pair[0]), (theirs[0], pair[1]))
    known = [name for leaf in other for name in leaf.get("properties", {})]
    is_open = any(leaf.get("additionalProperties") == {} for leaf in other)
    for leaf in mine if known else []:
        for name, schema in leaf.get("properties", {}).items():
            if name not in known and not is_open:
                yield name
            for held in (each["properties"].get(name) for each in other if "properties" in each):
                yield from _differences((ours[0], schema), (theirs[0], held)) if held else ()
    # Of several alternatives each requires what it is told apart by.
    demands = [set(each["required"]) for each in mine + other if each.get("properties")]
    if len(demands) == 2:
        yield from demands[0] ^ demands[1]


def _held(leaves, key):
    return [each[key] for each in leaves if isinstance(each.get(key), dict)]

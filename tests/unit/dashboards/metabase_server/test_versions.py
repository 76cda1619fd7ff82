"""A client that was right for one version must be found out by the others."""

import pytest

from .hands import native, tag

VERSIONS = ["v0.50.36", "v0.54.2", "v0.57.0", "v0.59.1"]
TAGS = {"month": tag("month")}
FLAT = {"type": "native", "database": 1, "native": native("select {{month}} as m", TAGS)}
STAGE = {
    "lib/type": "mbql.stage/native",
    "native": "select {{month}} as m",
    "template-tags": TAGS,
}
STAGED = {"lib/type": "mbql/query", "database": 1, "stages": [STAGE]}
EMAIL = {"channel_type": "email", "schedule_type": "daily", "schedule_hour": 8}
ATTACHED = {"include_csv": False, "include_xls": False}


def card(query):
    return {"name": "A", "display": "table", "visualization_settings": {}, "dataset_query": query}


@pytest.fixture(params=VERSIONS)
def hands(request, opened):
    """Give hands on each version."""
    return opened(version=request.param)


def test_every_version_says_which_it_is(hands):
    assert hands.get("session/properties").body["version"]["tag"] == hands.fake.version


def test_queries_in_stages_are_known_since_57(hands):
    hands.database()
    is_newer = hands.fake.minor >= 57
    assert hands.post("card", card(FLAT)).status == 200
    assert hands.post("card", card(STAGED)).status == (200 if is_newer else 400)
    shown = [each["dataset_query"] for each in hands.get("card").body]
    assert shown == ([STAGED] * 2 if is_newer else [FLAT])
    if is_newer:
        number = hands.get("card").body[0]["id"]
        assert hands.get(f"card/{number}", **{"legacy-mbql": "true"}).body["dataset_query"] == FLAT


def test_alerts_became_notifications_with_54(hands):
    number = hands.card(hands.database())
    alert = {
        "card": {"id": number, **ATTACHED},
        "channels": [EMAIL],
        "alert_condition": "rows",
        "alert_first_only": False,
    }
    notification = {"payload_type": "notification/card", "payload": {"card_id": number}}
    is_newer = hands.fake.minor >= 54
    assert hands.post("alert", alert).status == (404 if is_newer else 200)
    assert hands.post("notification", notification).status == (200 if is_newer else 404)
    assert hands.get("notification").status == (200 if is_newer else 404)
    assert len(hands.get("alert").body) == (not is_newer)


def test_old_alerts_are_as_strict_as_new_ones(opened):
    hands = opened(version="v0.53.4")
    number = hands.card(hands.database())
    good = {
        "card": {"id": number, **ATTACHED},
        "channels": [EMAIL],
        "alert_condition": "rows",
        "alert_first_only": False,
    }
    for key, wrong in (
        ("card", {"id": 999, **ATTACHED}),
        ("card", {"id": number}),
        ("channels", []),
        ("alert_condition", "some"),
        ("alert_first_only", None),
        ("color", "red"),
    ):
        reply = hands.post("alert", {**good, key: wrong})
        assert (reply.status, list(reply.body["errors"])) == (400, [key])
    made = hands.made("alert", good)["id"]
    later = [{**EMAIL, "schedule_hour": 9}]
    assert hands.put(f"alert/{made}", {"channels": later}).body["channels"][0]["id"] > 0
    assert hands.get(f"alert/{made}").body["channels"][0]["schedule_hour"] == 9
    hands.put(f"card/{number}", {"archived": True})
    assert hands.get("alert").body == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "card/101", {"parameter_mappings": []}),
        ("GET", "card/101?legacy-mbql=true", None),
        ("GET", "search?q=a&collection=1", None),
        ("POST", "database", {"name": "A", "engine": "postgres", "details": {},
                              "provider_name": None}),
    ],
)  # fmt: skip
def test_a_key_of_newer_versions_is_unknown_to_older_ones(hands, method, path, body):
    hands.card(hands.database())
    reply = hands.ask(method, path, body)
    assert reply.status == (200 if hands.fake.minor >= 57 else 400), reply


def test_a_mapping_names_its_card_in_every_version(hands):
    number = hands.card(hands.database(), "select {{month}} as m", tags={"month": "text"})
    parameters = [{"id": "f1", "type": "string/=", "name": "Month", "slug": "month"}]
    board = hands.dashboard(parameters=parameters)
    mapping = {
        "parameter_id": "f1",
        "card_id": number,
        "target": ["variable", ["template-tag", "month"]],
    }
    place = {"id": -1, "row": 0, "col": 0, "size_x": 4, "size_y": 4, "card_id": number}
    dashcards = [{**place, "parameter_mappings": [mapping]}]
    assert hands.put(f"dashboard/{board}", {"dashcards": dashcards}).status == 200
    assert hands.fake.dashboards[board]["dashcards"][0]["parameter_mappings"] == [mapping]


def test_before_50_permissions_have_another_shape(opened):
    hands = opened(version="v0.49.3")
    hands.database()
    assert hands.get("session/properties").body["version"]["tag"] == "v0.49.3"
    graph = hands.get("permissions/graph").body
    assert graph["groups"]["1"]["1"]["data"] == {"native": "write", "schemas": "all"}
    change = {"revision": graph["revision"], "groups": {"1": {"1": {"create-queries": "no"}}}}
    assert hands.put("permissions/graph", change).status == 400

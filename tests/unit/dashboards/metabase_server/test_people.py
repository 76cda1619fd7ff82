"""Nobody gets in without credentials, nor does what only administrators may."""

import pytest

from .hands import Hands

NEW = {
    "user": {"email": "ada@company.example", "password": "not too c0mmon"},
    "prefs": {"site_name": "Alder & Wren"},
}


def test_a_login_with_the_wrong_password_is_no_login(opened):
    hands = opened()
    email, password = hands.fake.admin
    stranger = Hands(hands.fake)
    assert stranger.post("session", {"username": email, "password": "guess"}).status == 401
    session = stranger.made("session", {"username": email, "password": password})["id"]
    for headers in ({"X-Metabase-Session": session}, {"Cookie": f"metabase.SESSION={session}"}):
        person = Hands(hands.fake, **headers)
        assert person.get("user/current").body["email"] == email
    assert person.ask("DELETE", "session").status == 204
    assert person.get("user/current").status == 401
    assert hands.fake.writes == []


@pytest.mark.parametrize("path", ["user/current", "card", "collection", "permissions/graph"])
def test_without_credentials_there_is_nothing_to_see(hands, path):
    assert Hands(hands.fake).get(path) == (401, "Unauthenticated")
    assert Hands(hands.fake, "mb_not_a_key").get(path).status == 401


def test_health_and_properties_are_there_for_everybody(hands):
    stranger = Hands(hands.fake)
    assert stranger.get("health") == (200, {"status": "ok"})
    properties = stranger.get("session/properties").body
    assert properties["version"]["tag"] == "v0.59.1"
    assert (properties["has-user-setup"], properties["setup-token"]) == (True, None)


def test_a_set_up_needs_the_token_and_is_possible_once(opened):
    stranger = opened(is_set_up=False)
    properties = stranger.get("session/properties").body
    assert properties["has-user-setup"] is False
    right = {**NEW, "token": properties["setup-token"]}
    assert stranger.post("setup", {**NEW, "token": "guessed"}).body["errors"].keys() == {"token"}
    weak = {**right, "user": {**NEW["user"], "password": "password"}}
    assert stranger.post("setup", weak).body["errors"].keys() == {"password"}
    nobody = {**right, "user": {**NEW["user"], "email": "ada"}}
    assert stranger.post("setup", nobody).body["errors"].keys() == {"email"}
    session = stranger.made("setup", right)["id"]
    admin = Hands(stranger.fake, **{"X-Metabase-Session": session})
    assert admin.get("user/current").body["is_superuser"] is True
    assert stranger.post("setup", right).status == 403
    after = stranger.get("session/properties").body
    assert (after["has-user-setup"], after["setup-token"]) == (True, None)
    assert after["site-name"] == "Alder & Wren"


def test_a_key_shows_its_secret_once_and_acts_in_its_group(hands):
    group = hands.made("permissions/group", {"name": "Marketing"})["id"]
    key = hands.made("api-key", {"name": "publisher", "group_id": group})
    assert Hands(hands.fake, key["unmasked_key"]).get("user/current").body["is_superuser"] is False
    assert "unmasked_key" not in hands.get("api-key").body[-1]
    assert hands.post("api-key", {"name": "publisher", "group_id": group}).status == 400
    assert hands.post("api-key", {"name": "other", "group_id": 99}).status == 400


def test_keys_are_no_people(hands):
    hands.fake.add_user("eve@company.example", "s3cret!")
    people = hands.get("user").body
    assert [each["email"] for each in people["data"]] == [
        "admin@company.example",
        "eve@company.example",
    ]
    assert hands.get("user", query="eve").body["total"] == people["total"] - 1 == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "collection", {"name": "A"}),
        ("POST", "dashboard", {"name": "A"}),
        ("PUT", "dashboard/1", {"name": "A"}),
        ("POST", "database", {"name": "A", "engine": "postgres", "details": {}}),
        ("POST", "database/1/sync_schema", None),
        ("POST", "permissions/group", {"name": "A"}),
        ("PUT", "permissions/graph", {"revision": 1, "groups": {}}),
        ("PUT", "collection/graph", {"revision": 1, "groups": {}}),
        ("POST", "api-key", {"name": "A", "group_id": 2}),
        ("POST", "pulse", {"name": "A", "cards": [], "channels": []}),
        ("GET", "permissions/graph", None),
        ("GET", "collection/graph", None),
        ("GET", "permissions/group", None),
        ("GET", "permissions/membership", None),
        ("GET", "user", None),
        ("GET", "api-key", None),
    ],
)
def test_who_is_no_administrator_may_neither_write_nor_look_behind(colleague, method, path, body):
    refused = (403, "You don't have permissions to do that.")
    assert colleague.ask(method, path, body) == refused
    assert colleague.fake.refusals == []


def test_a_colleague_sees_no_collection_that_is_closed_to_the_group(hands, colleague):
    shelf = hands.made("collection", {"name": "Closed"})["id"]
    card = hands.card(hands.database(), collection_id=shelf)
    board = hands.dashboard(collection_id=shelf)
    assert [each["id"] for each in colleague.get("card").body] == [card]
    graph = {"revision": hands.get("collection/graph").body["revision"]}
    closed = {**graph, "groups": {"1": {str(shelf): "none"}}}
    assert hands.put("collection/graph", closed).status == 200
    assert colleague.get("card").body == colleague.get("dashboard").body == []
    for path in (f"card/{card}", f"dashboard/{board}"):
        assert colleague.get(path).status == 403
    assert colleague.post(f"card/{card}/query", {}).status == 403
    assert colleague.get(f"collection/{shelf}/items").status == 403
    assert [each["name"] for each in colleague.get("collection").body] == ["Our analytics"]


def test_details_of_a_connection_are_for_administrators(hands, colleague):
    hands.database(host="10.0.0.1", password="s3cret")
    assert hands.get("database").body["data"][0]["details"]["host"] == "10.0.0.1"
    assert "details" not in colleague.get("database").body["data"][0]

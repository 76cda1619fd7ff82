"""Collections: where things lie, what the Trash does, and who may see it."""

import pytest


def names(reply):
    data = reply.body["data"] if isinstance(reply.body, dict) else reply.body
    return [each["name"] for each in data]


def test_a_collection_lies_in_its_parent(hands):
    outer = hands.made("collection", {"name": "Outer"})
    inner = hands.made("collection", {"name": "Inner", "parent_id": outer["id"]})
    assert (outer["location"], inner["location"]) == ("/", f"/{outer['id']}/")
    assert names(hands.get(f"collection/{outer['id']}/items")) == ["Inner"]
    assert names(hands.get("collection/root/items")) == ["Outer"]
    tree = hands.get("collection/tree").body
    assert [child["name"] for child in tree[0]["children"]] == ["Inner"]
    assert names(hands.get("collection")) == ["Our analytics", "Outer", "Inner"]
    assert hands.post("collection", {"name": "Lost", "parent_id": 999}).status == 404
    moved = hands.put(f"collection/{inner['id']}", {"parent_id": None}).body
    assert (moved["parent_id"], moved["location"]) == (None, "/")
    itself = hands.put(f"collection/{outer['id']}", {"parent_id": outer["id"]})
    assert itself.body["errors"].keys() == {"parent_id"}


def test_items_are_told_apart_by_model(hands):
    shelf = hands.made("collection", {"name": "Shelf"})["id"]
    database = hands.database()
    hands.card(database, name="Question", collection_id=shelf)
    hands.card(database, name="Model", type="model", collection_id=shelf)
    hands.dashboard("Board", collection_id=shelf)
    items = hands.get(f"collection/{shelf}/items").body
    assert {each["name"]: each["model"] for each in items["data"]} == {
        "Board": "dashboard",
        "Model": "dataset",
        "Question": "card",
    }
    assert names(hands.get(f"collection/{shelf}/items", models="card")) == ["Question"]
    assert names(hands.get("search", q="o", models=["card", "dataset"])) == ["Question", "Model"]


def test_official_collections_are_not_open_source(hands):
    reply = hands.post("collection", {"name": "A", "authority_level": "official"})
    assert reply.status == 402
    assert hands.fake.refusals != []


@pytest.mark.parametrize("kind", ["card", "dashboard"])
def test_what_is_archived_lies_in_the_trash_and_comes_back(hands, kind):
    shelf = hands.made("collection", {"name": "Shelf"})["id"]
    make = {"card": lambda **k: hands.card(hands.database(), **k), "dashboard": hands.dashboard}
    item = make[kind](name="Thing", collection_id=shelf)
    trash = hands.get("collection/trash").body["id"]
    archived = hands.put(f"{kind}/{item}", {"archived": True}).body
    assert (archived["archived"], archived["collection_id"]) == (True, trash)
    assert names(hands.get(kind)) == names(hands.get(f"collection/{shelf}/items")) == []
    assert names(hands.get(kind, f="archived")) == ["Thing"]
    assert names(hands.get(f"collection/{trash}/items")) == ["Thing"]
    assert hands.get(f"{kind}/{item}").status == 200
    back = hands.put(f"{kind}/{item}", {"archived": False}).body
    assert (back["archived"], back["collection_id"]) == (False, shelf)


def test_a_collection_takes_what_lies_in_it_to_the_trash(hands):
    outer = hands.made("collection", {"name": "Outer"})["id"]
    inner = hands.made("collection", {"name": "Inner", "parent_id": outer})["id"]
    hands.card(hands.database(), collection_id=inner)
    hands.put(f"collection/{outer}", {"archived": True})
    assert names(hands.get("collection")) == ["Our analytics"]
    assert names(hands.get("collection", archived="true")) == ["Outer", "Inner"]
    assert hands.get("card").body == []
    assert hands.post("collection", {"name": "A", "parent_id": inner}).status == 400
    assert hands.post("dashboard", {"name": "A", "collection_id": outer}).status == 400
    hands.put(f"collection/{outer}", {"description": "What isn't said to be archived comes back"})
    assert names(hands.get("card")) == ["A card"]
    assert hands.get(f"collection/{inner}").body["location"] == f"/{outer}/"


def test_a_new_collection_is_open_to_whom_its_parent_is(hands):
    group = str(hands.made("permissions/group", {"name": "Marketing"})["id"])
    outer = str(hands.made("collection", {"name": "Outer"})["id"])
    graph = hands.get("collection/graph").body
    assert graph["groups"]["1"] == {"root": "write", outer: "write"}
    assert graph["groups"][group] == {"root": "none", outer: "none"}
    graph["groups"] = {"1": {outer: "none"}, group: {outer: "read"}}
    hands.put("collection/graph", graph)
    inner = str(hands.made("collection", {"name": "Inner", "parent_id": int(outer)})["id"])
    after = hands.get("collection/graph").body["groups"]
    assert (after["1"][inner], after["2"][inner], after[group][inner]) == ("none", "write", "read")

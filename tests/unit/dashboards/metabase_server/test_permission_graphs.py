"""The graphs of permissions: a stale one, a wrong one and a partial one must not do harm."""

import pytest

ALL = {"view-data": "unrestricted", "create-queries": "query-builder-and-native"}


@pytest.fixture
def group(hands):
    return str(hands.made("permissions/group", {"name": "Marketing"})["id"])


def test_a_collection_that_was_made_meanwhile_makes_the_graph_stale(hands, group):
    graph = hands.get("collection/graph").body
    shelf = hands.made("collection", {"name": "Shelf"})["id"]
    change = {"revision": graph["revision"], "groups": {group: {str(shelf): "read"}}}
    assert hands.put("collection/graph", change).status == 409
    assert hands.put("collection/graph", {"groups": change["groups"]}).status == 409
    change["revision"] = hands.get("collection/graph").body["revision"]
    answered = hands.put("collection/graph", change).body
    assert answered["revision"] == change["revision"] + 1
    assert hands.put("collection/graph", change).status == 409
    assert hands.fake.refusals == []


@pytest.mark.parametrize("path", ["collection/graph", "permissions/graph"])
def test_a_stale_graph_is_taken_only_by_force(hands, path):
    hands.database()
    empty = {"revision": 0, "groups": {}}
    assert hands.put(path, empty).status == 409
    assert hands.put(path, empty, force="true").status == 200
    assert hands.put(path, empty, **{"force": "true", "skip-graph": "true"}).body.keys() == {
        "revision"
    }


def test_a_partial_graph_changes_what_it_lists_alone(hands, group):
    first, second = hands.database(), hands.database()
    revision = hands.get("permissions/graph").body["revision"]
    entry = {"create-queries": "query-builder"}
    change = {"revision": revision, "groups": {group: {str(first): entry}}}
    groups = hands.put("permissions/graph", change).body["groups"]
    assert groups[group][str(first)] == {"view-data": "unrestricted", **entry}
    assert groups[group][str(second)]["create-queries"] == "no"
    assert groups["1"] == {str(first): ALL, str(second): ALL}


def test_the_same_permissions_again_are_no_new_revision(hands, group):
    hands.database()
    graph = hands.get("permissions/graph").body
    assert hands.put("permissions/graph", graph).body == graph


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ({"create-queries": "query-builder-and-native"}, 200),
        ({"create-queries": "no", "view-data": "unrestricted"}, 200),
        ({"create-queries": "all"}, 400),
        ({"create-queries": "no", "view-data": "blocked"}, 402),
        ({"create-queries": "no", "download": {"schemas": "none"}}, 402),
        ("all", 400),
    ],
)
def test_only_what_the_open_source_edition_has_can_be_granted(hands, group, entry, status):
    database = str(hands.database())
    change = {"revision": 1, "groups": {group: {database: entry}}}
    assert hands.put("permissions/graph", change).status == status
    assert len(hands.fake.refusals) == (status != 200)


@pytest.mark.parametrize(
    ("path", "groups"),
    [
        ("collection/graph", {"2": {"root": "read"}}),
        ("collection/graph", {"99": {"root": "read"}}),
        ("collection/graph", {"1": {"999": "read"}}),
        ("collection/graph", {"1": {"root": "admin"}}),
        ("permissions/graph", {"2": {"1": {"create-queries": "no"}}}),
        ("permissions/graph", {"99": {"1": {"create-queries": "no"}}}),
        ("permissions/graph", {"1": {"99": {"create-queries": "no"}}}),
        ("permissions/graph", {"1": []}),
    ],
)
def test_a_graph_of_who_or_what_is_not_there_is_refused_as_a_whole(hands, path, groups):
    hands.database()
    before = hands.get(path).body
    good = {"1": {"root": "none"} if path.startswith("collection") else {"1": ALL}}
    change = {"revision": before["revision"], "groups": {**good, **groups}}
    assert hands.put(path, change).status == 400
    assert hands.get(path).body == before
    assert len(hands.fake.refusals) == 1


def test_administrators_may_be_listed_as_they_are(hands):
    hands.database()
    for path in ("collection/graph", "permissions/graph"):
        assert hands.put(path, hands.get(path).body).status == 200


def test_a_group_has_its_name_once_and_its_members_once(hands, group):
    assert hands.post("permissions/group", {"name": "marketing"}).status == 400
    user = hands.fake.add_user("eve@company.example", "s3cret!")
    join = {"group_id": int(group), "user_id": user}
    assert [each["user_id"] for each in hands.made("permissions/membership", join)] == [user]
    assert hands.post("permissions/membership", join).status == 400
    assert hands.post("permissions/membership", {**join, "user_id": 99}).status == 404
    assert hands.post("permissions/membership", {**join, "group_id": 99}).status == 404
    listed = {each["name"]: each["member_count"] for each in hands.get("permissions/group").body}
    assert listed["Marketing"] == 1
    memberships = hands.get("permissions/membership").body[str(user)]
    assert {each["group_id"] for each in memberships} == {1, int(group)}

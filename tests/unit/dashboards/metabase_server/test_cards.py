"""A card that can't run, or whose identity is unsure, must not be taken for a good one."""

import pytest

from .hands import native, tag

NOW = "select {{month}} as month"
FILLS_P = {"p": {"source": {"type": "column", "id": "n"}, "target": {"id": "p"}}}


@pytest.fixture
def database(hands):
    return hands.database()


def body(database, **changed):
    query = {"type": "native", "database": database, "native": {"query": "select 1 as n"}}
    card = {"name": "A", "display": "table", "visualization_settings": {}, "dataset_query": query}
    return card | changed


def query(database, text, **tags):
    return {"type": "native", "database": database, "native": native(text, tags)}


@pytest.mark.parametrize("entity_id", ["short", "x" * 22, "ä" * 21, "x" * 20 + "!"])
def test_an_entity_id_has_21_plain_characters(hands, database, entity_id):
    reply = hands.post("card", body(database, entity_id=entity_id))
    assert (reply.status, list(reply.body["errors"])) == (400, ["entity_id"])


def test_an_entity_id_is_there_once_and_finds_the_card(hands, database):
    mine = "concord-card-00000001"
    card = hands.card(database, entity_id=mine)
    assert hands.post("card", body(database, entity_id=mine)).status == 400
    assert hands.fake.cards[card]["entity_id"] == mine
    assert hands.fake.cards[hands.card(database)]["entity_id"] != mine


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "native", "database": 9, "native": {"query": "select 1"}},
        {"type": "native", "database": 1, "native": {"query": " "}},
        {"type": "native", "database": 1},
        {"type": "native", "native": {"query": "select 1"}},
        {"type": "native", "database": 1, "native": {"sql": "select 1"}},
        {"type": "native", "database": 1, "native": {"query": "select 1", "tags": {}}},
        {"type": "query", "database": 1, "query": {}},
        {"database": 1},
        {"lib/type": "mbql/query", "database": 1, "stages": [{"native": "select 1"}]},
        query(1, NOW, month=tag("other")),
        query(1, NOW, month=tag("month", "month")),
        query(1, NOW, month={"name": "month", "type": "text"}),
        query(1, NOW, month=tag("month", optional=True)),
    ],
)
def test_a_query_that_is_none_is_refused(hands, database, wrong):
    reply = hands.post("card", body(database, dataset_query=wrong))
    assert reply.status == 400, reply
    assert hands.fake.cards == {}
    assert [each.kind for each in hands.fake.refusals] == ["rule"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [("select 1", {"month": tag("month")}), (NOW, {}), ("select 1 [[ + {{n}} ]]", {})],
)
def test_a_tag_that_does_nothing_is_noted(hands, database, text, tags):
    reply = hands.post("card", body(database, dataset_query=query(database, text, **tags)))
    assert reply.status == 200
    assert [each.kind for each in hands.fake.refusals] == ["semantic"]


def test_a_card_needs_a_collection_that_is_there(hands, database):
    assert hands.post("card", body(database, collection_id=99)).status == 404
    assert hands.fake.cards == {}


def test_what_a_card_does_not_say_stays(hands, database):
    card = hands.card(database, name="Old", description="Kept")
    changed = hands.put(f"card/{card}", {"name": "New"}).body
    assert (changed["name"], changed["description"]) == ("New", "Kept")
    assert hands.put(f"card/{card}", {"description": None}).body["description"] is None
    assert hands.put("card/999", {"name": "New"}).status == 404


def test_a_model_loses_what_is_said_of_its_columns_unless_it_is_sent_again(hands, database):
    said = [{"name": "n", "display_name": "Number", "base_type": "type/Integer"}]
    model = hands.card(database, type="model", result_metadata=said)
    again = body(database)["dataset_query"]
    hands.put(f"card/{model}", {"dataset_query": again, "result_metadata": said})
    assert hands.fake.cards[model]["result_metadata"] == said
    hands.put(f"card/{model}", {"name": "Renamed"})
    assert hands.fake.cards[model]["result_metadata"] == said
    hands.put(f"card/{model}", {"dataset_query": again})
    assert hands.fake.cards[model]["result_metadata"] is None


def test_a_model_of_sql_has_no_variables(hands, database):
    wanted = body(database, type="model", dataset_query=query(database, NOW, month=tag("month")))
    assert hands.post("card", wanted).body["errors"].keys() == {"type"}


@pytest.mark.parametrize(
    "click",
    [
        {"linkType": "question", "targetId": 999},
        {"linkType": "dashboard", "targetId": 999},
        {"linkType": "dashboard", "targetId": "board"},
        {"linkType": "dashboard", "targetId": "board", "tabId": 5},
        {"linkType": "dashboard", "targetId": "board", "parameterMapping": FILLS_P},
        {"linkType": "question", "targetId": "card", "parameterMapping": FILLS_P},
    ],
)
@pytest.mark.parametrize("of_a_column", [False, True])
def test_a_click_that_leads_nowhere_is_refused(hands, database, click, of_a_column):
    ids = {"card": hands.card(database), "board": hands.dashboard()}
    if click["targetId"] == "board" and len(click) == 2:
        hands.put(f"dashboard/{ids['board']}", {"archived": True})
    target = ids.get(click["targetId"], click["targetId"])
    settings = {"click_behavior": {"type": "link", **click, "targetId": target}}
    if of_a_column:
        settings = {"column_settings": {'["name","n"]': settings}}
    reply = hands.post("card", body(database, visualization_settings=settings))
    assert (reply.status, list(reply.body["errors"])) == (400, ["click_behavior"])
    assert [each.kind for each in hands.fake.refusals] == ["rule"]


def test_a_click_to_what_is_there_is_taken(hands, database):
    board = hands.dashboard(parameters=[{"id": "p", "type": "id", "name": "P", "slug": "p"}])
    to_board = {"linkType": "dashboard", "targetId": board, "parameterMapping": FILLS_P}
    for click in (to_board, {"linkType": "url", "linkTemplate": "https://company.example"}):
        hands.card(database, visualization_settings={"click_behavior": {"type": "link", **click}})
    assert hands.fake.refusals == []


def test_lists_show_what_their_filter_says(hands, database):
    first, second = hands.card(database, name="B"), hands.card(database, name="A")
    hands.put(f"card/{first}", {"archived": True})
    assert [each["id"] for each in hands.get("card").body] == [second]
    assert [each["id"] for each in hands.get("card", f="mine").body] == [second]
    assert [each["id"] for each in hands.get("card", f="archived").body] == [first]
    assert [each["id"] for each in hands.get("card", f="database", model_id=1).body] == [second]
    assert hands.get("card", f="database").status == 400

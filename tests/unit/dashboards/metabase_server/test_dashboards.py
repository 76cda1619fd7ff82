"""A dashboard's lists are replaced as a whole: what is lost, doubled or mixed up must show."""

import pytest

PARAMETER = {"id": "f1", "type": "string/=", "name": "Month", "slug": "month"}
TARGET = ["variable", ["template-tag", "month"]]
SQL = "select 1 as n [[where {{month}} = 'x']] [[limit {{top}}]]"


def dashcard(number, card=None, **changed):
    place = {"id": number, "row": -4 * (number + 1) if number < 0 else 100 + number, "col": 0}
    return {**place, "size_x": 24, "size_y": 4, "card_id": card, **changed}


@pytest.fixture
def card(hands):
    return hands.card(hands.database(), SQL, tags={"month": "text", "top": "number"})


@pytest.fixture
def board(hands):
    return hands.dashboard(parameters=[PARAMETER])


def put(hands, board, *dashcards, **lists):
    return hands.put(f"dashboard/{board}", {"dashcards": list(dashcards), **lists})


def test_new_items_get_real_ids_also_where_tabs_are_referred_to(hands, board, card):
    tabs = [{"id": -1, "name": "First"}, {"id": -2, "name": "Second"}]
    wanted = [dashcard(-1, card, dashboard_tab_id=-2), dashcard(-2, card, dashboard_tab_id=-1)]
    made = put(hands, board, *wanted, tabs=tabs).body
    tab_ids = {tab["name"]: tab["id"] for tab in made["tabs"]}
    assert min(tab_ids.values()) > 0
    assert [each["dashboard_tab_id"] for each in made["dashcards"]] == [
        tab_ids["Second"],
        tab_ids["First"],
    ]
    assert [tab["position"] for tab in made["tabs"]] == [0, 1]
    assert min(each["id"] for each in made["dashcards"]) > 0
    assert hands.get(f"dashboard/{board}").body["dashcards"] == made["dashcards"]
    assert made["dashcards"][0]["card"]["id"] == card
    assert hands.fake.refusals == []


def test_what_a_list_leaves_out_is_gone_and_what_it_has_keeps_its_id(hands, board, card):
    made = put(hands, board, dashcard(-1, card), dashcard(-2, card)).body["dashcards"]
    kept = dashcard(made[1]["id"], card, size_y=9)
    after = put(hands, board, kept, dashcard(-1, card)).body["dashcards"]
    assert [each["id"] for each in after] == [made[1]["id"], made[1]["id"] + 1]
    assert (after[0]["size_y"], after[0]["entity_id"]) == (9, made[1]["entity_id"])
    assert put(hands, board).body["dashcards"] == []


def test_tabs_that_are_not_sent_along_are_gone(hands, board, card):
    put(hands, board, dashcard(-1, card, dashboard_tab_id=-1), tabs=[{"id": -1, "name": "T"}])
    assert put(hands, board, dashcard(-1, card)).body["tabs"] == []
    name_only = hands.put(f"dashboard/{board}", {"name": "Renamed"}).body
    assert len(name_only["dashcards"]) == 1


@pytest.mark.parametrize(
    ("dashcards", "lists", "key"),
    [
        ([dashcard(-1), dashcard(-1)], {}, "dashcards"),
        ([dashcard(777)], {}, "dashcards"),
        ([dashcard(0)], {}, "dashcards"),
        ([], {"tabs": [{"id": 5, "name": "T"}]}, "tabs"),
        ([], {"tabs": [{"id": -1, "name": "T"}, {"id": -1, "name": "U"}]}, "tabs"),
        ([dashcard(-1, dashboard_tab_id=-1)], {}, "dashboard_tab_id"),
        ([dashcard(-1)], {"tabs": [{"id": -1, "name": "T"}, {"id": -2, "name": "U"}]},
         "dashboard_tab_id"),
        ([], {"parameters": [PARAMETER, {**PARAMETER, "name": "N", "slug": "s"}]}, "parameters"),
        ([], {"parameters": [PARAMETER, {**PARAMETER, "id": "f2", "name": "N"}]}, "parameters"),
    ],
)  # fmt: skip
def test_ids_that_are_none_or_double_are_refused(hands, board, dashcards, lists, key):
    before = hands.get(f"dashboard/{board}").body
    reply = put(hands, board, *dashcards, **lists)
    assert (reply.status, list(reply.body["errors"])) == (400, [key])
    assert hands.get(f"dashboard/{board}").body == before
    assert [each.kind for each in hands.fake.refusals] == ["rule"]


def test_with_one_tab_cards_are_on_it_anyway(hands, board, card):
    made = put(hands, board, dashcard(-1, card), tabs=[{"id": -1, "name": "T"}]).body
    assert made["dashcards"][0]["dashboard_tab_id"] == made["tabs"][0]["id"]


def test_a_card_that_is_not_there_is_not_found(hands, board, card):
    assert put(hands, board, dashcard(-1, 999)).status == 404
    assert put(hands, board, dashcard(-1, card, series=[{"id": 999}])).status == 404
    hands.put(f"card/{card}", {"archived": True})
    assert put(hands, board, dashcard(-1, card)).status == 400


def test_a_card_in_the_trash_does_not_show(hands, board, card):
    put(hands, board, dashcard(-1, card))
    hands.put(f"card/{card}", {"archived": True})
    assert hands.get(f"dashboard/{board}").body["dashcards"] == []


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"parameter_id": "gone", "target": TARGET}, "no parameter"),
        ({"parameter_id": "f1", "target": ["variable", ["template-tag", "moth"]]}, "is no tag"),
        ({"parameter_id": "f1", "target": ["dimension", ["field", 3, None]]}, "is no tag"),
        ({"parameter_id": "f1", "target": ["dimension", ["template-tag", "month"]]}, "dimension"),
        ({"parameter_id": "f1", "target": ["variable", ["template-tag", "top"]]}, "can't fill"),
        ({"parameter_id": "f1", "target": ["text-tag", "month"]}, "in the text"),
        ({"parameter_id": "f1", "target": TARGET, "card_id": 999}, "isn't on this dashcard"),
    ],
)
def test_a_filter_that_would_filter_nothing_is_refused(hands, board, card, mapping, words):
    reply = put(hands, board, dashcard(-1, card, parameter_mappings=[mapping]))
    assert reply.status == 400
    assert words in reply.body["errors"]["parameter_mappings"]
    assert [each.kind for each in hands.fake.refusals] == ["rule"]


def test_a_filter_of_a_tag_is_taken(hands, board, card):
    mapping = {"parameter_id": "f1", "target": TARGET, "card_id": card}
    assert put(hands, board, dashcard(-1, card, parameter_mappings=[mapping])).status == 200
    assert hands.fake.refusals == []
    hands.put(f"dashboard/{board}", {"parameters": []})
    assert [each.why for each in hands.fake.refusals] == [
        {"parameters": "cards still wait for ['f1']"}
    ]


@pytest.mark.parametrize(
    "dashcards",
    [
        [dashcard(-1)],
        [dashcard(-1, "card", col=4)],
        [dashcard(-1, "card"), dashcard(-2, "card", row=0, size_x=1)],
    ],
)
def test_what_would_not_show_as_meant_is_noted(hands, board, card, dashcards):
    sent = [{**each, "card_id": each["card_id"] and card} for each in dashcards]
    assert put(hands, board, *sent).status == 200
    assert [each.kind for each in hands.fake.refusals] == ["semantic"]


def test_texts_need_no_card(hands, board):
    text = {"virtual_card": {"display": "text"}, "text": "Hello"}
    assert put(hands, board, dashcard(-1, visualization_settings=text)).status == 200
    assert hands.fake.refusals == []


def test_a_dashboard_in_the_trash_takes_no_cards(hands, board, card):
    hands.put(f"dashboard/{board}", {"archived": True})
    assert put(hands, board, dashcard(-1, card)).status == 404
    assert put(hands, board, dashcard(-1, card), archived=False).status == 200

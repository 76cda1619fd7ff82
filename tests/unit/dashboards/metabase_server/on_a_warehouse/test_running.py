"""Cards run as their role: what it can't see, or a filter that does nothing, must show."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.fixtures.metabase_server import QueryFailed

from ..hands import tag

pytestmark = pytest.mark.postgres

BY_MONTH = "select month, sum(n) as orders from sales.orders group by month order by month"


def test_a_card_answers_with_the_rows_of_its_sql(hands, database):
    card = hands.card(database, BY_MONTH)
    columns, rows = hands.fake.run_card(card)
    assert columns == ["month", "orders"]
    assert rows == [(dt.date(2025, 1, 1), 3), (dt.date(2025, 2, 1), 9)]
    status, answer = hands.post(f"card/{card}/query", {})
    assert (status, answer["status"], answer["row_count"]) == (202, "completed", 2)
    assert answer["data"]["rows"][0] == ["2025-01-01T00:00:00Z", 3]
    assert [each["base_type"] for each in answer["data"]["cols"]] == [
        "type/Date",
        "type/BigInteger",
    ]
    assert hands.fake.cards[card]["result_metadata"][0]["name"] == "month"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select * from secrets.people", "permission denied"),
        ("select * from sales.hidden", "permission denied"),
        ("insert into sales.orders values ('2025-01-01', 'x', 1, 1)", "read-only"),
        ("select nothing from sales.orders", "does not exist"),
    ],
)
def test_a_query_fails_in_words_and_is_noted_when_its_card_is_made(hands, database, text, words):
    card = hands.card(database, text)
    assert words in hands.fake.refusals[0].why["dataset_query"]
    status, answer = hands.post(f"card/{card}/query", {})
    assert (status, answer["status"], answer["data"]["rows"]) == (202, "failed", [])
    assert words in answer["error"]
    with pytest.raises(QueryFailed, match=words):
        hands.fake.run_card(card)


FILTERED = """
    select month, n, '100%' as share from sales.orders
    where true [[and shop in ({{shop}})]] [[and n >= {{least}}]] [[and month = {{month}}]]
    order by n
"""
KINDS = {"shop": "text", "least": "number", "month": "date"}


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({}, [3, 4, 5]),
        ({"shop": "web"}, [3, 5]),
        ({"shop": ["web", "store"]}, [3, 4, 5]),
        ({"shop": []}, [3, 4, 5]),
        ({"shop": "", "least": 4}, [4, 5]),
        ({"least": "4.5"}, [5]),
        ({"month": "2025-02-01", "shop": "store"}, [4]),
        ({"shop": "'; drop table sales.orders; --"}, []),
    ],
)
def test_values_are_bound_and_optional_parts_go_without_one(hands, database, given, seen):
    card = hands.card(database, FILTERED, tags=KINDS)
    assert [row[1:] for row in hands.fake.run_card(card, given)[1]] == [(n, "100%") for n in seen]
    sent = [
        {"type": "category", "value": value, "target": ["variable", ["template-tag", name]]}
        for name, value in given.items()
    ]
    answer = hands.post(f"card/{card}/query", {"parameters": sent}).body
    assert [row[1] for row in answer["data"]["rows"]] == seen
    assert hands.fake.refusals == []


@pytest.mark.parametrize(
    ("text", "changed", "given", "words"),
    [
        ("select {{x}} as n", {}, {}, "missing required parameters"),
        ("select {{x}} as n", {"required": True}, {}, "pick a value for 'X'"),
        ("select 1 [[ + {{x}} ]] as n", {"required": True}, {"x": None}, "pick a value"),
        ("select {{x}} as n", {"type": "number"}, {"x": "many"}, "is no number"),
        ("select {{x}} as n", {"type": "date"}, {"x": "today"}, "is no date"),
        ("select {{x}} as n", {}, {"y": 1}, "no tags"),
        ("select {{x}} + {{y}} as n", {}, {"x": "1"}, "none of its template tags"),
        ("select 1 [[ + 1 ]] as n", {}, {}, "must contain"),
        ("select 1 [[ + {{x}} as n", {}, {}, "no matching"),
        ("select n from sales.orders where n = {{x}}", {}, {"x": "3"}, "operator does not exist"),
    ],
)
def test_a_value_that_is_missing_or_wrong_fails_the_query(
    hands, database, text, changed, given, words
):
    query = {"database": database, "type": "native"}
    native = {"query": text, "template-tags": {"x": tag("x", **{"kind": "text"}) | changed}}
    body = {"name": "A", "display": "table", "visualization_settings": {}}
    card = hands.made("card", {**body, "dataset_query": {**query, "native": native}})["id"]
    with pytest.raises(QueryFailed, match=words):
        hands.fake.run_card(card, given)


def test_a_default_counts_until_it_is_cleared(hands, database):
    text = "select 1 as n [[where 'a' = {{x}}]]"
    native = {"query": text, "template-tags": {"x": tag("x", default="b")}}
    body = {"name": "A", "display": "table", "visualization_settings": {}}
    query = {"database": database, "type": "native", "native": native}
    card = hands.made("card", {**body, "dataset_query": query})["id"]
    assert hands.fake.run_card(card)[1] == []
    assert hands.fake.run_card(card, {"x": None})[1] == [(1,)]


@pytest.fixture
def board(hands, database):
    """Give a dashboard with one filter on a card, and the dashcard."""
    card = hands.card(database, FILTERED, tags=KINDS)
    parameter = {"id": "f1", "type": "string/=", "name": "Shop", "slug": "shop"}
    board = hands.dashboard(parameters=[{**parameter, "default": ["store"]}])
    mapping = {"parameter_id": "f1", "target": ["variable", ["template-tag", "shop"]]}
    place = {"id": -1, "row": 0, "col": 0, "size_x": 4, "size_y": 4, "card_id": card}
    sent = {"dashcards": [{**place, "parameter_mappings": [{**mapping, "card_id": card}]}]}
    made = hands.put(f"dashboard/{board}", sent).body
    return board, made["dashcards"][0]["id"], card


@pytest.mark.parametrize(
    ("slugs", "seen"), [({}, [4]), ({"shop": ["web"]}, [3, 5]), ({"shop": None}, [3, 4, 5])]
)
def test_a_dashboard_filters_its_cards(hands, board, slugs, seen):
    number, dashcard, card = board
    rows = hands.fake.run_dashcard(number, dashcard, slugs)[1]
    assert [row[1] for row in rows] == seen
    path = f"dashboard/{number}/dashcard/{dashcard}/card/{card}/query"
    sent = [{"id": "f1", "value": value} for value in slugs.values()]
    answer = hands.post(path, {"parameters": sent}).body
    assert [row[1] for row in answer["data"]["rows"]] == seen


def test_a_filter_that_the_dashboard_does_not_have_is_told(hands, board):
    number, dashcard, card = board
    with pytest.raises(QueryFailed, match="no parameters"):
        hands.fake.run_dashcard(number, dashcard, {"month": "x"})
    path = f"dashboard/{number}/dashcard/{dashcard}/card/{card}/query"
    assert hands.post(path, {"parameters": [{"id": "f9", "value": 1}]}).status == 400


def test_doubled_columns_are_told_apart(hands, database):
    card = hands.card(database, "select 1 as n, 2 as n, 1.5 as x")
    assert hands.fake.run_card(card) == (["n", "n_2", "x"], [(1, 2, Decimal("1.5"))])


def test_a_colleague_runs_cards_and_writes_queries_only_where_allowed(hands, colleague, database):
    card = hands.card(database, BY_MONTH)
    assert colleague.post(f"card/{card}/query", {}).body["row_count"] == 2
    query = {"type": "native", "database": database, "native": {"query": BY_MONTH}}
    assert colleague.post("dataset", query).body["row_count"] == 2
    change = {"revision": 1, "groups": {"1": {str(database): {"create-queries": "no"}}}}
    assert hands.put("permissions/graph", change).status == 200
    assert colleague.post("dataset", query).status == 403
    assert colleague.post(f"card/{card}/query", {}).body["row_count"] == 2

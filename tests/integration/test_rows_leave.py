"""Risk: what a source took back stays in the figures, or what it still has goes."""

import random
from collections.abc import Iterable

import pytest

from tests.fixtures.loading_shop import Shop

pytestmark = pytest.mark.postgres

KEPT = """
kind = "files"
[[entities]]
entity = "{entity}"
path = "rows*.csv"
where = [{{ column = "deleted", is_not = ["true", "deleted"] }}]
[entities.columns]
{key} = "id"
{columns}
"""
ENTITIES = {
    "customers": ("customer_id", ""),
    "orders": ("order_id", 'ordered_at = "at"\ngross_amount = "n"'),
    "tickets": ("ticket_id", 'created_at = "at"'),
    "survey_responses": ("response_id", 'answered_at = "at"\nscore = "n"'),
    "satisfaction_ratings": ("rating_id", 'rated_at = "at"\nscore = "n"\nscale_max = 5'),
    "campaign_touches": ("touch_id", 'campaign_id = { value = "k" }\nsent_at = "at"'),
    "messages": (
        "message_id",
        'sent_at = "at"\ndirection = { value = "inbound" }\nis_public = true',
    ),
}
HEADER = "id,deleted,at,n\n"


def section(entity: str) -> str:
    key, columns = ENTITIES[entity]
    return KEPT.format(entity=entity, key=key, columns=columns)


def lines(*rows: tuple[int, bool]) -> str:
    return "".join(f"{key},{str(gone).lower()},2025-03-01,{key % 5}\n" for key, gone in rows)


def keys(shop: Shop, entity: str) -> list[str]:
    key, _ = ENTITIES[entity]
    return [found for (found,) in shop.rows(f"select {key} from raw.{entity} order by 1")]


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_row_that_meets_its_conditions_no_longer_leaves(shop: Shop, entity: str):
    shop.write("rows.csv", HEADER + lines((1, False), (2, False)))
    shop.load(section(entity))
    shop.write("rows.csv", HEADER + lines((1, False), (2, True)))
    (part,) = shop.load(section(entity)).parts
    assert (keys(shop, entity), part.removed, part.filtered) == (["1"], 1, 1)
    shop.write("rows.csv", HEADER + lines((1, False), (2, False)))
    shop.load(section(entity))
    assert keys(shop, entity) == ["1", "2"]


def test_a_row_that_an_appended_line_deletes_leaves(shop: Shop):
    begun = HEADER + lines((1, False), (2, False))
    shop.write("rows.csv", begun)
    shop.load(section("orders"))
    shop.write("rows.csv", begun + lines((2, True), (3, False)))
    (part,) = shop.load(section("orders")).parts
    assert (part.is_append, part.received, part.removed) == (True, 2, 1)
    assert keys(shop, "orders") == ["1", "3"]


def test_of_the_records_of_one_key_the_last_says_whether_its_row_stays(shop: Shop):
    shop.write("rows1.csv", HEADER + lines((1, False), (1, True), (2, True), (2, False)))
    shop.write("rows2.csv", HEADER + lines((3, True), (4, True), (1, True)))
    shop.write("rows3.csv", HEADER + lines((3, False)))
    report = shop.load(section("orders"))
    assert keys(shop, "orders") == ["2", "3"]
    assert (report.total("folded"), report.total("filtered")) == (1, 5)
    assert report.is_balanced


def test_a_filtered_row_without_a_readable_key_is_just_filtered(shop: Shop):
    shop.write("rows.csv", HEADER + lines((1, False)) + ",true,2025-03-01,1\n")
    report = shop.load(section("orders"))
    assert (report.total("filtered"), report.total("quarantined")) == (1, 0)
    assert keys(shop, "orders") == ["1"]


TWO_SECTIONS = """
kind = "files"
[[entities]]
entity = "customers"
path = "rows.csv"
where = [{ column = "kind", is = "person" }]
columns = { customer_id = "id" }
[[entities]]
entity = "customers"
path = "rows.csv"
where = [{ column = "kind", is = "firm" }]
columns = { customer_id = "id" }
"""


def test_what_one_section_filters_stays_if_another_one_has_it(shop: Shop):
    text = "id,kind\n1,person\n2,firm\n"
    for more, left in (("", ["1", "2"]), ("1,gone\n", ["2"]), ("2,gone\n", [])):
        text += more
        shop.write("rows.csv", text)
        shop.load(TWO_SECTIONS)
        assert keys(shop, "customers") == left


def test_a_group_leaves_with_its_last_line(shop: Shop):
    grouped = """
    kind = "files"
    [[entities]]
    entity = "orders"
    path = "lines.csv"
    group = true
    where = [{ column = "state", is_not = "void" }]
    [entities.columns]
    order_id = "basket"
    ordered_at = { value = 2025-03-01 }
    gross_amount = { from = "n", aggregate = "sum" }
    """
    for states, left in (("okok", ["a", "b"]), ("okvoid", ["a", "b"]), ("voidvoid", ["b"])):
        first, second = states[: len(states) // 2], states[len(states) // 2 :]
        shop.write("lines.csv", f"basket,state,n\na,{first},1\na,{second},2\nb,ok,5\n")
        shop.load(grouped)
        assert keys(shop, "orders") == left


@pytest.mark.parametrize("seed", range(5))
def test_any_split_over_days_and_any_repetition_leave_the_same_rows(shop: Shop, seed: int):
    dice = random.Random(seed)
    history = [(dice.randrange(12), dice.random() < 0.4) for _ in range(60)]
    for day in [*sorted(dice.sample(range(60), seed)), 60, 60]:
        shop.write("rows.csv", HEADER + lines(*history[:day]))
        report = shop.load(section("orders"))
        assert report.is_balanced
        assert keys(shop, "orders") == expected(history[:day])


def expected(history: Iterable[tuple[int, bool]]) -> list[str]:
    """Return the keys whose last record is not deleted."""
    return sorted(str(key) for key, gone in dict(history).items() if not gone)

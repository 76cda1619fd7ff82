"""Risk: what a source took back stays in the figures, or what it still has goes."""

import os
import random
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path

import pytest

from ingestion import loading
from ingestion.errors import ExportShrank
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


def changed(path: Path, seconds: int) -> None:
    """Let a file of the same size be a changed one."""
    os.utime(path, (seconds, seconds))


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_rows_leaves_the_same_rows(shop: Shop, seed: int):
    dice = random.Random(seed)
    records = [(key, dice.random() < 0.3) for key in range(40)]
    shop.write("rows.csv", HEADER + lines(*records))
    shop.load(section("orders"))
    query = "select order_id, ordered_at, gross_amount from raw.orders order by 1"
    rows = shop.rows(query)
    assert rows
    dice.shuffle(records)
    changed(shop.write("rows.csv", HEADER + lines(*records)), seed)
    (part,) = shop.load(section("orders")).parts
    assert shop.rows(query) == rows
    assert (part.inserted, part.updated, part.removed) == (0, 0, 0)


LATEST = """
kind = "files"
[[entities]]
entity = "orders"
path = "rows.csv"
latest_by = "at"
where = [{ column = "deleted", is_not = "true" }]
columns = { order_id = "id", ordered_at = "at", gross_amount = "n" }
"""


@pytest.mark.parametrize("seed", range(3))
def test_the_latest_row_of_a_key_counts_in_any_order(shop: Shop, seed: int):
    dice = random.Random(seed)
    minutes = dice.sample(range(60), 40)
    records = [(dice.randrange(8), dice.choice(["true", "false"]), each) for each in minutes]
    for day in range(3):
        dice.shuffle(records)
        changes = (f"{key},{gone},2025-03-01 09:{at:02},{at}\n" for key, gone, at in records)
        changed(shop.write("rows.csv", HEADER + "".join(changes)), day)
        assert shop.load(LATEST).parts
        newest = {key: (gone, at) for key, gone, at in sorted(records, key=itemgetter(2))}
        wanted = {str(key): at for key, (gone, at) in newest.items() if gone == "false"}
        found = dict(shop.rows("select order_id, gross_amount from raw.orders"))
        assert found == wanted


COMPLETE = """
kind = "files"
[[entities]]
entity = "customers"
path = "rows*.csv"
complete = true
columns = { customer_id = "id", email = "email" }
"""


def write_customers(shop: Shop, name: str, *numbers: int) -> None:
    shop.write(name, "id,email\n" + "".join(f"{number},a{number}@x\n" for number in numbers))


def test_a_row_that_a_complete_export_lost_leaves(shop: Shop):
    write_customers(shop, "rows.csv", *range(240))
    shop.load(COMPLETE)
    write_customers(shop, "rows.csv", *range(200))
    (part,) = shop.load(COMPLETE).parts
    assert (part.received, part.unchanged, part.removed) == (200, 200, 40)
    assert len(keys(shop, "customers")) == 200
    assert shop.load(COMPLETE).parts == ()


def test_rows_of_a_file_that_a_complete_export_lost_leave(shop: Shop):
    write_customers(shop, "rows1.csv", 1, 2)
    write_customers(shop, "rows2.csv", 3)
    shop.load(COMPLETE)
    (shop.folder / "rows1.csv").unlink()
    shop.load(COMPLETE)
    assert keys(shop, "customers") == ["3"]


def test_an_export_that_grows_is_read_from_its_old_end_although_it_is_complete(shop: Shop):
    write_customers(shop, "rows.csv", 1, 2)
    shop.load(COMPLETE)
    write_customers(shop, "rows.csv", 1, 2, 3)
    (part,) = shop.load(COMPLETE).parts
    assert (part.is_append, part.received, keys(shop, "customers")) == (True, 1, ["1", "2", "3"])


def test_without_complete_what_vanishes_stays(shop: Shop):
    write_customers(shop, "rows.csv", 1, 2)
    shop.load(COMPLETE.replace("complete = true", ""))
    write_customers(shop, "rows.csv", 1)
    shop.load(COMPLETE.replace("complete = true", ""))
    assert keys(shop, "customers") == ["1", "2"]
    shop.load(COMPLETE)  # what was there before belongs to the section, too
    assert keys(shop, "customers") == ["1"]


def test_corrected_identities_replace_the_wrong_ones(shop: Shop):
    identities = """
    kind = "files"
    [[entities]]
    entity = "customer_identities"
    path = "rows.csv"
    complete = true
    columns = { customer_id = "id", identity_type = { value = "email" }, identity_value = "email" }
    """
    for address in ("pair{0}@x", "own{1}@x"):
        rows = (f"{number},{address.format(number // 2, number)}\n" for number in range(60))
        shop.write("rows.csv", "id,email\n" + "".join(rows))
        shop.load(identities)
    found = shop.rows(
        "select count(*), count(distinct identity_value) from raw.customer_identities"
    )
    assert found == [(60, 60)]


def test_a_half_empty_export_stops_the_load_until_somebody_accepts_it(shop: Shop):
    write_customers(shop, "rows.csv", *range(100))
    shop.load(COMPLETE)
    write_customers(shop, "rows.csv", *range(55))
    with pytest.raises(ExportShrank) as caught:
        shop.load(COMPLETE)
    assert str(caught.value) == (
        "shop: its files are complete, and lack 45 of 100 rows of customers; maximum_removed_share"
        " under [gates] lets 20% go. Look whether the export is whole. If these rows are rightly"
        " gone, `concord sources accept shop` lets them go once"
    )
    assert len(keys(shop, "customers")) == 100
    loading.accept_loss(shop.url, "shop")
    assert shop.load(COMPLETE).total("removed") == 45
    write_customers(shop, "rows.csv", *range(20))
    with pytest.raises(ExportShrank):
        shop.load(COMPLETE)


def test_an_acceptance_ends_with_the_next_load_even_if_that_loses_nothing(shop: Shop):
    write_customers(shop, "rows.csv", *range(100))
    shop.load(COMPLETE)
    loading.accept_loss(shop.url, "shop")
    shop.load(COMPLETE)
    write_customers(shop, "rows.csv", 1)
    with pytest.raises(ExportShrank):
        shop.load(COMPLETE)


def test_a_complete_section_leaves_the_rows_of_another_one_alone(shop: Shop):
    more = COMPLETE.replace('kind = "files"', "").replace("complete = true", "")
    section = COMPLETE + more.replace("rows*", "more*")
    write_customers(shop, "rows.csv", 1, 2)
    write_customers(shop, "more1.csv", 3)
    write_customers(shop, "more2.csv", 4)
    shop.load(section)
    (shop.folder / "more1.csv").unlink()
    write_customers(shop, "rows.csv", 1)
    shop.load(section)
    assert keys(shop, "customers") == ["1", "3", "4"]


BROKEN = "id,email\n4,\xe9\n"


def test_no_row_leaves_a_complete_export_of_which_a_file_is_refused(shop: Shop):
    write_customers(shop, "rows1.csv", 1, 2)
    write_customers(shop, "rows2.csv", 3, 4)
    shop.load(COMPLETE)
    write_customers(shop, "rows1.csv", 1, 5)
    shop.write("rows2.csv", BROKEN, "latin-1")
    for _ in range(2):
        report = shop.load(COMPLETE)
        assert (report.total("removed"), len(shop.refused())) == (0, 1)
        assert keys(shop, "customers") == ["1", "2", "3", "4", "5"]
    write_customers(shop, "rows2.csv", 4)
    shop.load(COMPLETE)
    assert (keys(shop, "customers"), shop.refused()) == (["1", "4", "5"], ())


def test_a_row_that_a_refused_file_took_back_stays_until_it_can_be_read(shop: Shop):
    shop.write("rows1.csv", HEADER + lines((1, False)))
    shop.write("rows2.csv", HEADER + lines((2, False)))
    shop.load(section("orders"))
    taken_back = HEADER + lines((1, True), (2, True))
    # far behind what takes the rows back, so that it has landed already
    shop.write("rows2.csv", taken_back + lines((3, False)) * 300_000 + "\xe9\n", "latin-1")
    report = shop.load(section("orders"))
    assert (report.is_balanced, report.total("removed"), len(shop.refused())) == (True, 0, 1)
    assert keys(shop, "orders") == ["1", "2"]
    shop.write("rows2.csv", taken_back)
    shop.load(section("orders"))
    assert keys(shop, "orders") == []


def test_a_reset_is_not_over_before_all_files_can_be_read(shop: Shop):
    rows = COMPLETE.replace("complete = true", "")
    write_customers(shop, "rows1.csv", 1, 2)
    write_customers(shop, "rows2.csv", 3, 4)
    shop.load(rows)
    write_customers(shop, "rows1.csv", 1)
    shop.write("rows2.csv", BROKEN, "latin-1")
    loading.reset(shop.url, "shop")
    for _ in range(2):
        shop.load(rows)
        assert keys(shop, "customers") == ["1", "2", "3", "4"]
    write_customers(shop, "rows2.csv", 4)
    shop.load(rows)
    assert keys(shop, "customers") == ["1", "4"]
    assert shop.load(rows).parts == ()


def test_a_reset_source_is_loaded_from_scratch_and_loses_what_it_no_longer_has(shop: Shop):
    rows = COMPLETE.replace("complete = true", "")
    write_customers(shop, "rows1.csv", *range(50))
    write_customers(shop, "rows2.csv", 100)
    shop.load(rows)
    loaded_at = "select customer_id, loaded_at from raw.customers where customer_id = '100'"
    before = shop.rows(loaded_at)
    (shop.folder / "rows1.csv").unlink()
    loading.reset(shop.url, "shop")
    assert len(keys(shop, "customers")) == 51
    (part,) = shop.load(rows).parts
    assert (part.received, part.removed, keys(shop, "customers")) == (1, 50, ["100"])
    assert shop.rows(loaded_at) == before
    assert shop.load(rows).parts == ()


def test_a_reset_source_loses_the_entities_that_it_no_longer_fills(shop: Shop):
    orders = shop.write("orders.csv", "id,who,at,amount\n1,a,2024-01-01,1\n2,a,2024-01-01,x\n")
    shop.load()
    assert len(shop.rejects()) == 1
    orders.unlink()
    write_customers(shop, "rows.csv", 1)
    loading.reset(shop.url, "shop")
    report = shop.load(COMPLETE)
    assert [(part.entity, part.file, part.removed) for part in report.parts] == [
        ("customers", "rows.csv", 0),
        ("orders", "", 1),
    ]
    assert (shop.orders(), shop.rejects()) == ([], [])

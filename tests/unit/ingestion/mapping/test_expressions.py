"""Risk: a value made of several columns is a plausible wrong one, or takes its row with it."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.mapping.apply import MappedRows, map_records
from ingestion.mapping.declarations import Notation
from ingestion.mapping.expressions import LONGEST_REPLACED
from ingestion.mapping.records import Records
from ingestion.mapping.settings.entities import EntitySection
from tests.fixtures.read_files import read_files

POINT, GERMAN = Notation(), Notation(",", ".")


def mapped(
    columns: dict[str, list[Any]],
    mapping: dict[str, Any],
    notation: Notation = POINT,
    **section: Any,
) -> MappedRows:
    """Return what records become as orders; ids, times and amounts are there if not mapped."""
    size = len(next(iter(columns.values())))
    given = {"id": [str(number) for number in range(size)], **columns}
    always = {"order_id": "id", "ordered_at": {"value": "2024-01-01"}, "gross_amount": 1}
    section = {"entity": "orders", "columns": {**always, **mapping}, **section}
    around = {"decimal": notation.decimal, "thousands": notation.thousands, "null_values": ["-"]}
    read = EntitySection.model_validate(section, context=around)
    lines = pa.array(range(1, size + 1)).to_numpy()
    records = Records(pa.table(given), lines, "record {}".format)
    return map_records(read.mapping(notation, ["-"]), records, {})


def values(rows: MappedRows, column: str) -> list[Any]:
    return rows.batch[column].to_pylist()


def test_the_first_that_is_filled_counts_and_blanks_or_null_values_fill_nothing():
    columns = {"a": ["x", "", " ", "-", None], "b": ["y", "y", "y", "y", ""]}
    rows = mapped(columns, {"brand": {"first_of": ["a", "b"], "strip": True, "default": "z"}})
    assert values(rows, "brand") == ["x", "y", "y", "y", "z"]


def test_blanks_are_nobody_and_no_key():
    columns = {"id": ["1", " ", "\u00a0", "4"], "cust": ["  ", "C2", "C3", "\t"], "b": list("wxyz")}
    rows = mapped(columns, {"customer_id": "cust", "brand": {"join": ["cust", "b"]}})
    assert values(rows, "order_id") == ["1", "4"]
    assert values(rows, "customer_id") == values(rows, "brand") == [None, None]
    assert [reject.reason for reject in rows.rejects] == ["is required and empty"] * 2


def test_a_column_of_blanks_is_not_set():
    columns = {"cust": ["C1", " "]}
    rows = mapped(columns, {"customer_id": "cust"}, where=[{"column": "cust", "is_set": True}])
    assert (values(rows, "customer_id"), rows.filtered) == (["C1"], 1)


def test_a_mark_that_is_neither_true_nor_false_decides_nothing():
    marks = {"deleted": ["no", "", "TRUE", "ja", "-", "0"]}
    gone = {"column": "deleted", "is_not": True}
    rows = mapped(marks, {}, where=[gone])
    assert values(rows, "order_id") == ["0", "1", "4", "5"]
    assert [(each.line, each.reason) for each in rows.rejects] == [(4, "is not true or false")]
    assert rows.filtered == 1
    rows = mapped(marks, {}, where=[gone | {"is_not": [True, "ja"]}])
    assert (values(rows, "order_id"), rows.filtered) == (["0", "1", "4", "5"], 2)
    choice = {"column": "deleted", "is": True, "then": {"value": "cancelled"}}
    rows = mapped(marks, {"status": {"value": "completed", "when": [choice]}})
    assert [each.reason for each in rows.rejects] == [
        "depends on deleted, which is not true or false"
    ]


def test_the_first_filled_number_keeps_the_notation_that_its_own_column_has(tmp_path: Path):
    (tmp_path / "orders.jsonl").write_text(
        '{"id": "1", "a": 1.249, "b": "5,5"}\n{"id": "2", "a": null, "b": "1.249,5"}\n'
        '{"id": "3", "b": 2.5}\n'
    )
    section = """
    kind = "files"
    decimal = ","
    thousands = "."
    [[entities]]
    entity = "orders"
    path = "orders.jsonl"
    [entities.columns]
    order_id = "id"
    ordered_at = { value = "2024-01-01" }
    gross_amount = { first_of = ["a", "b"] }
    """
    assert read_files(tmp_path, section).values("gross_amount") == [
        Decimal("1.249"),
        Decimal("1249.5"),
        Decimal("2.5"),
    ]


def test_columns_of_the_same_type_stay_typed_and_others_become_text(tmp_path: Path):
    moment = datetime(2024, 1, 1, 10)
    table = {
        "id": pa.array([1, 2]),
        "at": pa.array([None, moment], pa.timestamp("ms")),
        "placed": pa.array([moment, moment], pa.timestamp("ms")),
        "code": pa.array(["A", None]),
    }
    pq.write_table(pa.table(table), tmp_path / "orders.parquet")
    section = """
    kind = "files"
    time_zone = "Europe/Berlin"
    [[entities]]
    entity = "orders"
    path = "orders.parquet"
    [entities.columns]
    order_id = "id"
    ordered_at = { first_of = ["at", "placed"] }
    gross_amount = 1
    brand = { first_of = ["code", "id"] }
    """
    read = read_files(tmp_path, section)
    nine = datetime(2024, 1, 1, 9, tzinfo=UTC)
    assert read.values("ordered_at", "brand") == [(nine, "A"), (nine, "2")]


def test_sums_and_differences_are_exact_and_empty_if_one_of_them_is():
    columns = {"a": ["0,1", "1.000,5", "1", ""], "b": ["0,2", "2", "", "1"], "c": ["0,3"] * 4}
    amount = {"add": ["a", "b", 0.5], "subtract": [{"from": "c", "default": 0}]}
    rows = mapped(columns, {"margin_amount": amount}, GERMAN)
    assert values(rows, "margin_amount") == [Decimal("0.5"), Decimal("1002.7"), None, None]
    assert not rows.emptied


@pytest.mark.parametrize("column", ["a", "b", "c"])
def test_a_sum_of_what_is_no_number_is_none_and_told(column: str):
    columns = {name: ["x" if name == column else "1", "2"] for name in "abc"}
    rows = mapped(columns, {"margin_amount": {"add": ["a", "b"], "subtract": ["c"]}})
    assert values(rows, "margin_amount") == [None, 2]
    assert [(each.field, each.reason, each.line) for each in rows.emptied] == [
        ("margin_amount", "is not a number", 1)
    ]


def test_a_sum_of_too_many_digits_costs_its_own_value_only():
    rows = mapped({"a": ["9" * 19, "1"]}, {"margin_amount": {"add": ["a", "a"]}})
    assert values(rows, "margin_amount") == [None, 2]
    assert [each.reason for each in rows.emptied] == ["is a number of too many digits"]


def test_a_column_may_have_a_stand_in_and_a_key_a_constant():
    key = {"join": [{"value": "DE"}, "shop", {"from": "till", "default": "web"}], "separator": "-"}
    rows = mapped({"shop": ["1", "2"], "till": ["", "9"]}, {"brand": key})
    assert values(rows, "brand") == ["DE-1-web", "DE-2-9"]


def test_the_first_choice_whose_condition_is_met_counts():
    choices = [
        {"column": "paid", "above": 100, "then": {"value": "store"}},
        {"column": "kind", "is": ["app", "ios"], "then": {"from": "device", "lower": True}},
        {"column": "kind", "is_set": True, "then": "kind"},
    ]
    columns = {
        "kind": ["app", "ios", "till", "", "app"],
        "device": ["PHONE", "PAD", "X", "X", ""],
        "paid": ["5", "101", "7", "8", "9"],
    }
    rows = mapped(columns, {"channel": {"value": "web", "when": choices}})
    assert values(rows, "channel") == ["phone", "store", "till", "web", None]


def test_a_choice_that_cannot_be_made_is_told_unless_an_earlier_one_is_made():
    choices = [
        {"column": "kind", "is": "gift", "then": {"value": ""}},
        {"column": "paid", "above": 100, "then": {"value": "store"}},
    ]
    columns = {"kind": ["gift", "x", "x"], "paid": ["many", "many", "5"]}
    rows = mapped(columns, {"channel": {"value": "web", "when": choices}})
    assert values(rows, "channel") == [None, None, "web"]
    (emptied,) = rows.emptied
    assert (emptied.count, emptied.line) == (1, 2)
    assert emptied.reason == "depends on paid, which is not a number"


def test_a_choice_is_judged_like_the_column_itself():
    choice = {"column": "kind", "is": "refund", "then": {"multiply": ["total", -1]}}
    columns = {"total": ["5", "5", "x"], "kind": ["sale", "refund", "refund"]}
    rows = mapped(columns, {"gross_amount": {"from": "total", "when": [choice]}})
    assert values(rows, "gross_amount") == [5, -5]
    assert [(each.line, each.reason) for each in rows.rejects] == [(3, "is not a number")]


@pytest.mark.parametrize(
    ("unit", "text", "seconds"),
    [
        ("seconds", "90", 90),
        ("minutes", "1,5", 90),
        ("minutes", "0", 0),
        ("hours", "1.000", 3_600_000),
        ("days", "2", 172_800),
        ("hh:mm:ss", "00:03:20", 200),
        ("hh:mm:ss", "49:00:00.5", 176_400.5),
        ("hh:mm", "1:30", 5_400),
        ("mm:ss", "90:05", 5_405),
    ],
)
def test_a_start_and_a_duration_are_a_time(unit: str, text: str, seconds: float):
    at = {"from": "at", "duration": {"from": "took", "unit": unit}}
    start = "2024-03-31 00:30:00"
    rows = mapped({"at": [start], "took": [text]}, {"ordered_at": at}, GERMAN)
    expected = datetime(2024, 3, 31, 0, 30, tzinfo=UTC).timestamp() + seconds
    assert [each.timestamp() for each in values(rows, "ordered_at")] == [expected]


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("minutes", "-1"),
        ("minutes", "00:05"),
        ("minutes", "9" * 12),
        ("hh:mm:ss", "05:30"),
        ("hh:mm:ss", "00:60:00"),
        ("hh:mm", "00:03:20"),
        ("hh:mm:ss", "1 day 00:00:00"),
    ],
)
def test_what_is_no_duration_in_the_unit_is_never_taken_for_one(unit: str, text: str):
    at = {"from": "at", "duration": {"from": "took", "unit": unit}}
    rows = mapped({"at": ["2024-01-01"], "took": [text]}, {"ordered_at": at})
    assert [each.reason for each in rows.rejects] == [
        f"adds took, which is not a duration ({unit})"
    ]


def test_without_a_start_or_a_duration_there_is_no_time():
    at = {"from": "at", "duration": {"from": "took", "unit": "minutes"}}
    rows = mapped({"at": ["2024-01-01", "", "soon"], "took": ["-", "5", "5"]}, {"ordered_at": at})
    assert [each.reason for each in rows.rejects] == [
        "is required and empty",
        "is required and empty",
        "is not a time in the expected format",
    ]


def test_a_time_beyond_the_calendar_is_none():
    at = {"from": "at", "duration": {"from": "took", "unit": "days"}}
    rows = mapped({"at": ["9999-12-31"], "took": ["2"]}, {"ordered_at": at})
    assert [each.reason for each in rows.rejects] == ["is a time that no calendar has"]


def test_patterns_are_replaced_one_after_the_other():
    phone = {"from": "a", "replace": {r"\(0\)": "", "^00": "+", r"[^+\d]": "", r"^\+(1)": r"us\1"}}
    rows = mapped({"a": ["0049 (0)30-1", "+1 212", "x", ""]}, {"customer_id": phone})
    assert values(rows, "customer_id") == ["+49301", "us1212", None, None]


def test_a_hostile_pattern_holds_up_no_load():
    """RE2 finds all matches of such a pattern in the square of the text's length."""
    hostile = {"from": "a", "replace": {"a(?:.*b)?": "x"}}
    rows = mapped({"a": ["a" * 4_000_000, "ab", "a" * LONGEST_REPLACED]}, {"brand": hostile})
    assert [value and len(value) for value in values(rows, "brand")] == [
        None,
        1,
        LONGEST_REPLACED,
    ]
    assert [(each.count, each.line) for each in rows.emptied] == [(1, 1)]


def test_a_replacement_that_grows_is_held_up_too():
    grow = {"from": "a", "replace": {"": "x" * 100, "a(?:.*b)?": "y"}}
    rows = mapped({"a": ["a" * 9_000]}, {"brand": grow})
    assert (values(rows, "brand"), rows.emptied[0].count) == ([None], 1)


TEXTS = st.sampled_from(["", "-", "x", "1", "(2)", "1,00,000.5", "-3", "00:01:00", "2024-01-01"])
COLUMNS = {
    "gross_amount": {
        "add": ["a", {"from": "b", "default": 0}],
        "subtract": ["c"],
        "thousands": ",",
    },
    "ordered_at": {"first_of": ["a", "b"], "duration": {"from": "c", "unit": "hh:mm:ss"}},
    "status": {
        "from": "a",
        "replace": {r"\d": "completed"},
        "when": [{"column": "b", "below": 5, "then": {"value": "refunded"}}],
    },
    "margin_amount": {"multiply": ["a", "b"]},
    "refunded_amount": "c",
    "brand": {"join": [{"value": "k"}, "a"]},
}
ANY = st.lists(st.tuples(*[TEXTS | st.text(max_size=6)] * 3), min_size=1, max_size=8)
SECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "where": st.just([{"column": "c", "above": -2}]),
        "latest_by": st.just("b"),
        "split": st.just({"column": "a", "separator": ","}),
    },
)


@settings(deadline=None, max_examples=150)
@given(ANY, SECTIONS, st.sets(st.sampled_from(sorted(COLUMNS))))
def test_received_rows_are_loaded_or_rejected_whatever_they_say(rows, section, names):
    columns = {name: [row[number] for row in rows] for number, name in enumerate("abc")}
    read = mapped(columns, {name: COLUMNS[name] for name in names}, **section)
    loaded = read.batch
    if "latest_by" in section:
        loaded = loaded.filter(loaded["_is_own"])
    assert read.received == loaded.num_rows + len(read.rejects) + read.filtered
    if not {"split", "where"} & section.keys():
        assert read.received == len(rows)
    for emptied in read.emptied:
        assert 0 < emptied.count <= values(read, emptied.field).count(None)


@settings(deadline=None, max_examples=60)
@given(ANY)
def test_a_wide_column_makes_one_row_of_each_cell(rows):
    columns = {name: [row[number] for row in rows] for number, name in enumerate("abc")}
    unpivot = {"columns": ["a", "b"], "name": "which", "value": "cell"}
    read = mapped(columns, {"brand": "which", "channel": "cell"}, unpivot=unpivot)
    assert read.received == 2 * len(rows)
    cells = [cell if cell.strip() not in ("", "-") else None for row in rows for cell in row[:2]]
    assert values(read, "channel") == cells
    assert values(read, "brand") == ["a", "b"] * len(rows)


def test_a_row_may_be_made_of_nothing_but_wide_columns():
    unpivot = {"columns": ["a", "b"], "name": "which", "value": "cell"}
    mapping = {"order_id": {"join": ["which", "cell"]}}
    read = mapped({"a": ["1", "2"], "b": ["3", "4"]}, mapping, unpivot=unpivot)
    assert values(read, "order_id") == ["a:1", "b:3", "a:2", "b:4"]


def test_wide_columns_of_numbers_and_texts_keep_what_they_say(tmp_path: Path):
    table = {"a": pa.array([1.5, None]), "b": pa.array(["2,5", "3"]), "c": pa.array([4, 5])}
    pq.write_table(pa.table(table), tmp_path / "orders.parquet")
    section = """
    kind = "files"
    decimal = ","
    [[entities]]
    entity = "orders"
    path = "orders.parquet"
    unpivot = { columns = ["a", "b", "c"], name = "which", value = "paid" }
    where = [{ column = "paid", above = 0 }]
    [entities.columns]
    order_id = { join = ["which", "paid"] }
    ordered_at = { value = "2024-01-01" }
    gross_amount = "paid"
    """
    read = read_files(tmp_path, section)
    amounts = {key.partition(":")[0]: [] for key in read.values("order_id")}
    for key, amount in read.values("order_id", "gross_amount"):
        amounts[key.partition(":")[0]].append(float(amount))
    assert (amounts, read.rejects) == ({"a": [1.5], "b": [2.5, 3], "c": [4, 5]}, [])


@pytest.mark.parametrize(
    ("operand", "ids"),
    [("vip", ["0", "4"]), (["b2b", "4.5"], ["1", "2"]), (4.5, ["2"]), (True, ["3"]), ("-", [])],
)
def test_a_list_has_what_is_one_of_its_elements_and_no_part_of_one(operand: Any, ids: list[str]):
    lists = [
        '["vip", "new"]',
        '["b2b", "vip2"]',
        "[4.50]",
        "[true]",
        "vip",
        "[vip",
        "[]",
        "-",
        None,
    ]
    rows = mapped({"tags": lists}, {}, where=[{"column": "tags", "has": operand}])
    assert values(rows, "order_id") == ids
    others = mapped({"tags": lists}, {}, where=[{"column": "tags", "has_not": operand}])
    assert sorted(values(others, "order_id") + ids) == [str(each) for each in range(len(lists))]


def test_html_becomes_text_before_anything_else_is_done_with_it():
    columns = {"body": ["<p> A&amp;b </p>", "<p></p>", "-", None]}
    rows = mapped(columns, {"brand": {"from": "body", "html": True, "lower": True}})
    assert values(rows, "brand") == ["a&b", None, None, None]

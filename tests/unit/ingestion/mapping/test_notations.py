"""Risk: a row is left out, or an amount is another one, because of how a file writes numbers."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures.read_files import Read, read_files

GERMAN = """
kind = "files"
decimal = ","
thousands = "."
null_values = ["NULL"]
[[entities]]
entity = "orders"
path = "orders.*"
delimiter = ";"
{where}
[entities.columns]
order_id = "id"
ordered_at = {{ value = "2024-01-01" }}
gross_amount = {amount}
"""


def _german(folder: Path, text: str, amount: str = '"amount"', where: str = "") -> Read:
    (folder / "orders.csv").write_text(text)
    return read_files(folder, GERMAN.format(amount=amount, where=where))


def _amounts_of_table(folder: Path, values: pa.Array, amount: str = '"amount"') -> list[Decimal]:
    ids = pa.array([str(number) for number in range(len(values))])
    pq.write_table(pa.table({"id": ids, "amount": values}), folder / "orders.parquet")
    return read_files(folder, GERMAN.format(amount=amount, where="")).values("gross_amount")


def test_a_product_is_not_read_in_the_notation_of_its_factors_again(tmp_path):
    loaded = _german(tmp_path, "id;q;p\n1;2;4,50\n2;3;4.50\n", '{ multiply = ["q", "p"] }')
    assert loaded.values("gross_amount") == [9]
    assert loaded.rejected() == [(3, "gross_amount", "is not a number")]


@pytest.mark.parametrize(("number", "amount"), [("0.01", "19.99"), ("-2", "-3998"), ("0", "0")])
def test_a_column_is_multiplied_by_a_number_to_the_last_digit(tmp_path, number, amount):
    loaded = _german(tmp_path, "id;c\n1;1.999\n2;x\n", f'{{ multiply = ["c", {number}] }}')
    assert loaded.values("gross_amount") == [Decimal(amount)]
    assert loaded.rejected() == [(3, "gross_amount", "is not a number")]


def test_numbers_of_a_table_are_multiplied_by_a_number(tmp_path):
    cents = pa.array([1999, -5, None])
    assert _amounts_of_table(tmp_path, cents, '{ multiply = ["amount", 0.01], default = 0 }') == [
        Decimal("19.99"),
        Decimal("-0.05"),
        0,
    ]


@pytest.mark.parametrize(("left", "right"), [("9" * 20, "1"), ("9" * 10, "9" * 10)])
def test_a_product_of_too_many_digits_costs_its_own_row_only(tmp_path, left, right):
    text = f"id;q;p\n1;{left};{right}\n2;2;0,5\n"
    loaded = _german(tmp_path, text, '{ multiply = ["q", "p"] }')
    assert loaded.values("gross_amount") == [1]
    assert [(line, field) for line, field, _ in loaded.rejected()] == [(2, "gross_amount")]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("{ value = 12.5 }", ["12.5", "12.5"]),
        ('{ value = "12,5" }', ["12.5", "12.5"]),
        ('{ from = "amount", default = 12.5 }', ["1249.5", "12.5"]),
        ('{ from = "amount", map = { "1.249,50" = 0.5 }, default = 12.5 }', ["0.5", "12.5"]),
    ],
)
def test_constants_are_numbers_whatever_the_notation_of_the_file(tmp_path, amount, expected):
    loaded = _german(tmp_path, "id;amount\n1;1.249,50\n2;\n", amount)
    assert (loaded.values("gross_amount"), loaded.rejects) == (
        [Decimal(each) for each in expected],
        [],
    )


@pytest.mark.parametrize("amount", ['"amount"', '{ from = "amount", default = 0 }'])
@pytest.mark.parametrize("broken", ["", '{"id": \n', '{"id": 4, "amount": 1}\n'])
def test_numbers_of_json_are_numbers_whatever_the_notation_of_texts(tmp_path, amount, broken):
    (tmp_path / "orders.jsonl").write_text(
        '{"id": "1", "amount": 49.90}\n{"id": "2", "amount": 12.5}\n' + broken
    )
    loaded = read_files(tmp_path, GERMAN.format(amount=amount, where=""))
    assert loaded.values("gross_amount")[:2] == [Decimal("49.9"), Decimal("12.5")]


def test_json_texts_beside_json_numbers_keep_the_notation(tmp_path):
    (tmp_path / "orders.jsonl").write_text(
        '{"id": 1, "amount": "49,90"}\n{"id": "2", "amount": 12}\n{"id": 3, "amount": true}\n'
        '{"id": 4, "amount": "1.249"}\n{"id": 5, "amount": 1.249}\n'
    )
    loaded = read_files(tmp_path, GERMAN.format(amount='"amount"', where=""))
    assert loaded.values("gross_amount") == [Decimal("49.9"), 12, 1249, Decimal("1.249")]
    assert loaded.rejected() == [(3, "gross_amount", "is not a number")]


def test_a_map_names_json_numbers_as_they_stand_in_the_file(tmp_path):
    (tmp_path / "orders.jsonl").write_text('{"id": 1, "amount": 0.5}\n{"id": 2, "amount": 1.5}\n')
    amount = '{ from = "amount", map = { "0.5" = 20 } }'
    loaded = read_files(tmp_path, GERMAN.format(amount=amount, where=""))
    assert loaded.values("gross_amount") == [20, Decimal("1.5")]


@pytest.mark.parametrize("amount", ['"amount"', '{ from = "amount", pattern = "(.*)" }'])
@pytest.mark.parametrize(
    "values",
    [
        pa.array([Decimal("49.90")], pa.decimal128(9, 2)),
        pa.array([49.9]),
        pa.array(["49,90"]),
        pa.array(["49,90"], pa.large_string()),
        pa.array(["49,90"]).dictionary_encode(),
    ],
    ids=lambda values: str(values.type),
)
def test_numbers_of_parquet_have_no_notation_and_its_texts_have(tmp_path, values, amount):
    assert _amounts_of_table(tmp_path, values, amount) == [Decimal("49.9")]


def test_a_condition_reads_numbers_as_the_source_writes_them(tmp_path):
    text = '1;"12,50"\n2;"-1,00"\n3;"1.000,00"\n4;NULL\n5;\n6;12.50\n7;free\n'
    where = 'where = [{ column = "amount", above = 0 }, { column = "amount", below = 999.5 }]'
    loaded = _german(tmp_path, "id;amount\n" + text, where=where)
    assert loaded.values("gross_amount") == [Decimal("12.5")]
    assert loaded.rejected() == [
        (7, "amount", "is not a number"),
        (8, "amount", "is not a number"),
    ]
    assert (loaded.received, loaded.filtered) == (7, 4)  # one loaded, two rejected


def test_a_condition_reads_a_number_as_the_entity_does(tmp_path):
    amount = '{ from = "amount", strip = "$", decimal = ".", thousands = ",", null_values = ["-"] }'
    where = 'where = [{ column = "amount", above = 0 }]'
    text = "id;amount\n1;$1,012.50\n2;-\n3;$\n4;€3\n"
    loaded = _german(tmp_path, text, amount, where)
    assert loaded.values("gross_amount") == [Decimal("1012.5")]
    assert loaded.rejected() == [(5, "amount", "is not a number")]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("is_set = false", 1), ("is_set = true", 0), ('is = "x"', 0), ('is_not = "x"', 1)],
)
def test_a_condition_on_an_optional_column_takes_a_missing_one_for_empty(
    tmp_path, condition, expected
):
    where = f'where = [{{ column = "coupon", {condition} }}]'
    amount = '"amount"\ncampaign_id = { from = "coupon", optional = true }'
    loaded = _german(tmp_path, "id;amount\n1;5\n", amount, where)
    assert len(loaded.values("gross_amount")) == expected


def test_a_row_that_fails_another_condition_is_not_rejected(tmp_path):
    where = 'where = [{ column = "amount", above = 0 }, { column = "kind", is = "sale" }]'
    loaded = _german(tmp_path, "id;amount;kind\n1;free;fee\n2;free;sale\n", where=where)
    assert loaded.rejected() == [(3, "amount", "is not a number")]
    assert (loaded.received, loaded.filtered) == (2, 1)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("is_set = true", ["1", "4"]),
        ("is_set = false", ["2", "3"]),
        ("matches = '^[NA]'", ["1"]),
        ('is = "NULL"', ["2"]),
        ('is_not = "A"', ["2", "3", "4"]),
    ],
)
def test_a_condition_knows_the_texts_that_mean_no_value(tmp_path, condition, kept):
    text = "id;amount;d\n1;1;A\n2;1;NULL\n3;1;\n4;1;B\n"
    loaded = _german(tmp_path, text, where=f'where = [{{ column = "d", {condition} }}]')
    assert [row["order_id"] for row in loaded.rows] == kept


@pytest.mark.parametrize(
    ("operand", "kept"),
    [("true", "1236"), ("false", "4"), ('"TRUE"', "2"), ('[false, "maybe"]', "45")],
)
def test_a_condition_knows_true_and_false_however_written(tmp_path, operand, kept):
    text = "id;amount;d\n1;1;True\n2;1;TRUE\n3;1;true\n4;1;False\n5;1;maybe\n6;1;yes\n7;1;\n"
    loaded = _german(tmp_path, text, where=f'where = [{{ column = "d", is = {operand} }}]')
    assert [row["order_id"] for row in loaded.rows] == list(kept)


def test_a_row_without_a_key_finds_nothing_and_of_repeated_keys_the_first_counts(tmp_path):
    (tmp_path / "codes.csv").write_text("code,camp\n,LEER\nA,c1\nA,c2\nNULL,c3\n")
    section = GERMAN.format(amount='"amount"', where="") + (
        'campaign_id = { from = "code", '
        'lookup = { path = "codes.csv", key = "code", value = "camp" } }\n'
    )
    (tmp_path / "orders.csv").write_text("id;amount;code\n1;1;\n2;1;A\n3;1;B\n4;1;NULL\n")
    loaded = read_files(tmp_path, section)
    assert [row["campaign_id"] for row in loaded.rows] == [None, "c1", None, None]

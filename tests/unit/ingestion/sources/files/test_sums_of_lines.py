"""Risk: an order is what some of its lines add up to, since another one can't be read."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.read_files import Read, read_files, settled

TILL = """
kind = "files"
[[entities]]
entity = "orders"
path = "lines-*.csv"
group = true
where = [{{ column = "pieces", above = 0 }}]
[entities.columns]
order_id = "order"
ordered_at = {{ from = "at", aggregate = "min" }}
gross_amount = {{ multiply = ["pieces", "price"], aggregate = "sum" }}
margin_amount = {margin}
refunded_amount = {{ from = "refunded", aggregate = "sum" }}
"""
SUMMED = '{ from = "margin", aggregate = "sum" }'
HEADER = "order,at,pieces,price,margin,refunded\n"
TORN = "has a line that can't be read, and the sum of its other lines would be a wrong one"


def till(folder: Path, *files: str, margin: str = SUMMED) -> Read:
    for number, lines in enumerate(files):
        settled(folder / f"lines-{number}.csv", HEADER + lines)
    return read_files(folder, TILL.format(margin=margin))


@pytest.mark.parametrize("broken", ["1,2024-01-01,2,", "1,2024-01-01,2,abc", "1,,2,3", "1,x,y,3"])
def test_an_order_of_which_a_line_cannot_be_read_is_told_and_has_no_amount(
    tmp_path: Path, broken: str
):
    first = "1,2024-01-01,1,5,,\n2,2024-01-01,1,7,,\n"
    read = till(tmp_path, first, f"{broken},,\n2,2024-01-02,1,1,,\n")
    assert read.values("order_id", "gross_amount") == [("2", Decimal(8))]
    line, order = read.rejects
    assert (line.line, order.line) == (2, None)
    assert (order.field, order.value, order.reason) == ("order_id", "1", TORN)
    assert read.received == 4


def test_a_line_of_which_no_order_can_be_read_costs_none(tmp_path: Path):
    read = till(tmp_path, "1,2024-01-01,1,5,,\n,2024-01-01,1,x,,\n")
    assert read.values("order_id", "gross_amount") == [("1", Decimal(5))]
    assert len(read.rejects) == 1


@pytest.mark.parametrize(
    ("second", "margin", "expected"),
    [
        ("", SUMMED, None),
        ("abc", SUMMED, None),
        ("0", SUMMED, Decimal(3)),
        ("", SUMMED.replace(" }", ", default = 0 }"), Decimal(3)),
    ],
)
def test_a_margin_of_which_a_part_is_unknown_is_unknown(
    tmp_path: Path, second: str, margin: str, expected: Any
):
    read = till(tmp_path, f"1,2024-01-01,1,5,3,\n1,2024-01-01,1,5,{second},2\n", margin=margin)
    assert read.values("margin_amount", "refunded_amount") == [(expected, Decimal(2))]


def test_where_nothing_is_summed_a_broken_line_costs_itself_alone(tmp_path: Path):
    section = TILL.format(margin='"margin"').replace(', aggregate = "sum"', "")
    settled(tmp_path / "lines-1.csv", HEADER + "1,2024-01-01,1,5,,\n1,2024-01-01,1,,,\n")
    read = read_files(tmp_path, section)
    assert read.values("order_id", "gross_amount") == [("1", Decimal(5))]

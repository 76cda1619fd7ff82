"""Risk: rows of a CSV file are lost at its edges: after a preamble, or where it ended before."""

from pathlib import Path

import pytest

from ingestion.errors import SourceAnswerBroken
from tests.fixtures.read_files import read_files, settled

ORDERS = """
kind = "files"
[[entities]]
entity = "orders"
path = "orders.csv"
skip_lines = 0
columns = { order_id = "id", ordered_at = "at", gross_amount = "amount" }
"""
AFTER_TWO_LINES = ORDERS.replace("skip_lines = 0", "skip_lines = 2")
HEADER = "id,at,amount\n"


def test_a_file_that_ended_within_quotes_is_read_again_whole(tmp_path: Path):
    half = HEADER + '0,2024-01-01,1\n1,"2024-01-01\n'
    settled(tmp_path / "orders.csv", half)
    first = read_files(tmp_path, ORDERS)
    assert first.values("order_id") == ["0"]
    assert first.reasons() == [(3, "a quote opens and never closes")]
    settled(tmp_path / "orders.csv", half + '",5\n2,2024-01-02,7\n')
    second = read_files(tmp_path, ORDERS, first.state)
    assert (second.values("order_id"), second.reasons()) == (["0", "1", "2"], [])


def test_a_tail_that_ends_within_quotes_is_no_place_to_go_on_from(tmp_path: Path):
    whole = HEADER + "0,2024-01-01,1\n"
    settled(tmp_path / "orders.csv", whole)
    first = read_files(tmp_path, ORDERS)
    settled(tmp_path / "orders.csv", whole + '1,"2024-01-01\n')
    second = read_files(tmp_path, ORDERS, first.state)
    assert (second.rows, second.reasons()) == ([], [(3, "a quote opens and never closes")])
    settled(tmp_path / "orders.csv", whole + '1,"2024-01-01\n",5\n')
    third = read_files(tmp_path, ORDERS, second.state)
    assert (third.values("order_id"), third.reasons()) == (["0", "1"], [])


def test_empty_lines_before_the_headings_count_as_lines(tmp_path: Path):
    settled(tmp_path / "orders.csv", "Report\n\n" + HEADER + "1,2024-01-01,5\n2,2024-01-01,x\n")
    read = read_files(tmp_path, AFTER_TWO_LINES)
    assert read.values("order_id") == ["1"]
    assert read.reasons() == [(5, "is not a number")]


def test_a_quote_before_the_headings_swallows_nothing(tmp_path: Path):
    preamble = '"Orders of the shop\r\nmade at 10" screens\r\n'
    settled(tmp_path / "orders.csv", preamble + HEADER + "1,2024-01-01,5\n")
    assert read_files(tmp_path, AFTER_TWO_LINES).values("order_id") == ["1"]


def test_a_file_goes_on_after_lines_that_were_left_out(tmp_path: Path):
    text = "Report\n\n" + HEADER + "1,2024-01-01,5\n"
    settled(tmp_path / "orders.csv", text)
    first = read_files(tmp_path, AFTER_TWO_LINES)
    settled(tmp_path / "orders.csv", text + "2,2024-01-01,6\n3,2024-01-01,x\n")
    second = read_files(tmp_path, AFTER_TWO_LINES, first.state)
    assert (second.values("order_id"), second.reasons()) == (["2"], [(6, "is not a number")])


def test_a_file_that_ends_before_its_headings_is_empty(tmp_path: Path):
    settled(tmp_path / "orders.csv", "Report")
    with pytest.raises(SourceAnswerBroken, match="is empty"):
        read_files(tmp_path, AFTER_TWO_LINES)

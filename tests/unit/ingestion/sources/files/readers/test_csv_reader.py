"""Risk: rows of a CSV file are lost at its edges: after a preamble, or where it ended before."""

import gzip
from pathlib import Path

import pytest

from ingestion.errors import MappingFault, SourceAnswerBroken
from ingestion.sources.files.readers.csv_reader import BROKEN, UNCLOSED
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


@pytest.mark.parametrize(
    "line",
    ['1,"A "B" C"', '1,"abc"def', '1,"abc" ', '"1"x,abc', '1,""abc""', '1,"a ""b" c"'],
)
def test_what_stands_behind_a_closing_quote_takes_its_row_to_quarantine(tmp_path: Path, line: str):
    rows = f'0,2024-01-01,1\n{line},5\n2,2024-01-02,7\n3,"2024-01-03",8\n'
    settled(tmp_path / "orders.csv", HEADER + rows)
    read = read_files(tmp_path, ORDERS)
    assert read.values("order_id") == ["0", "2", "3"]
    assert read.reasons() == [(3, BROKEN)]
    assert read.rejects[0].original == f"{line},5"
    assert read.received == 4


def test_what_is_quoted_right_is_loaded(tmp_path: Path):
    section = ORDERS.replace('amount" }', 'amount", brand = "note" }')
    text = 'id,at,amount,note\n1,2024-01-01,1,5" pipe\n2,2024-01-01,1,"5"" pipe"\n'
    text += '3,2024-01-01,1,"a,\nb"\n"4",2024-01-01,1,""\n5,2024-01-01,1,"""quoted"""\n'
    settled(tmp_path / "orders.csv", text)
    read = read_files(tmp_path, section)
    assert read.rejects == []
    assert read.values("brand") == ['5" pipe', '5" pipe', "a,\nb", None, '"quoted"']


def test_each_line_that_a_wrong_quote_swallows_is_counted(tmp_path: Path):
    swallowed = '1,"abc"",5\n2,2024-01-01,6\n3,"2024-01-01",7\n'
    settled(tmp_path / "orders.csv", HEADER + swallowed + "4,2024-01-01,8\n")
    read = read_files(tmp_path, ORDERS)
    assert read.values("order_id") == ["4"]
    assert read.reasons() == [(2, BROKEN), (3, BROKEN), (4, BROKEN)]
    assert [each.original for each in read.rejects] == swallowed.splitlines()
    settled(tmp_path / "orders.csv", HEADER + '1,"2024-01-01,5\n2,2024-01-01,6\n')
    assert read_files(tmp_path, ORDERS).reasons() == [(2, UNCLOSED), (3, UNCLOSED)]


def test_headings_that_cannot_be_cut_are_refused_without_a_word_of_them(tmp_path: Path):
    for headings in ('id,"a"t,amount', "x" * 200_000 + ",id", ",".join("abc" * 5_000)):
        settled(tmp_path / "orders.csv", headings + "\n1,2024-01-01,5\n")
        with pytest.raises(SourceAnswerBroken) as caught:
            read_files(tmp_path, ORDERS)
        assert len(str(caught.value)) < 250


LIMITED = ORDERS.replace("[[entities]]", "limits = { row_megabytes = 1 }\n[[entities]]")


@pytest.mark.parametrize("skipped", [0, 1])
@pytest.mark.parametrize("opening", ["", '"'])
@pytest.mark.parametrize("megabytes", [3, 30])
def test_a_field_beyond_the_limit_is_refused_in_a_time_that_grows_with_it(
    tmp_path: Path, skipped: int, opening: str, megabytes: int
):
    text = HEADER + "0,2024-01-01,1\n1," + opening + "\0" * (megabytes << 20)
    (tmp_path / "orders.csv").write_bytes(gzip.compress(b"x\n" * skipped + text.encode(), 1))
    with pytest.raises(
        SourceAnswerBroken,
        match=rf"of more than 1 MB, which begins on line {3 + skipped}: .* raise row_megabytes",
    ):
        read_files(tmp_path, LIMITED.replace("skip_lines = 0", f"skip_lines = {skipped}"))


def test_long_rows_within_the_limit_are_read_wherever_they_are_cut(tmp_path: Path):
    rows = [f'{n},"{"x" * 900_000}\n",2024-01-0{n},{n}' for n in range(1, 8)]
    settled(tmp_path / "orders.csv", "id,note,at,amount\n" + "\n".join(rows))
    assert read_files(tmp_path, LIMITED).values("order_id") == list("1234567")


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_file_of_empty_lines_is_empty_and_no_fault_of_the_mapping(tmp_path: Path, size: int):
    settled(tmp_path / "orders.csv", "\n" * size)
    with pytest.raises(SourceAnswerBroken, match=r"orders\.csv is empty") as caught:
        read_files(tmp_path, ORDERS)
    assert not isinstance(caught.value, MappingFault)


def test_headings_may_come_after_any_number_of_empty_lines(tmp_path: Path):
    settled(tmp_path / "orders.csv", "\n" * 10_000_000 + HEADER + "1,2024-01-01,5\n")
    assert read_files(tmp_path, ORDERS).values("order_id") == ["1"]


def test_utf_16_without_a_mark_is_called_so(tmp_path: Path):
    settled(tmp_path / "orders.csv", (HEADER + "1,2024-01-01,5\n").encode("utf-16-le"))
    with pytest.raises(SourceAnswerBroken, match="may be utf-16"):
        read_files(tmp_path, ORDERS)

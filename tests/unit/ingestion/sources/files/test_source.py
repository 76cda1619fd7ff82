"""Risk: a file is missed because of its name, or is read too little for its rows to count."""

import os
from pathlib import Path

import pytest

from ingestion.sources.files.paths import display_name, matching
from tests.fixtures.read_files import read_files, settled

SECTIONS = """
kind = "files"
[[entities]]
entity = "orders"
path = "a.csv"
columns = { order_id = "id", ordered_at = "at", gross_amount = "amount" }
[[entities]]
entity = "customers"
path = "customers.csv"
columns = { customer_id = "id" }
[[entities]]
entity = "orders"
path = "b.csv"
columns = { order_id = "id", ordered_at = "at", gross_amount = "amount" }
"""
PATTERN = """
kind = "files"
[[entities]]
entity = "orders"
path = "?.csv"
columns = { order_id = "id", ordered_at = "at", gross_amount = "amount" }
"""
HEADER = "id,at,amount\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which two files have an order 1, of which the one of b.csv counts."""
    settled(tmp_path / "customers.csv", "id\nc\n")
    settled(tmp_path / "a.csv", HEADER + "1,2024-01-01,10\n")
    settled(tmp_path / "b.csv", HEADER + "1,2024-01-01,20\n")
    return tmp_path


def test_a_later_section_of_the_same_entity_still_counts_after_an_earlier_one_changed(folder: Path):
    first = read_files(folder, SECTIONS)
    settled(folder / "a.csv", HEADER + "1,2024-01-01,999\n")
    second = read_files(folder, SECTIONS, first.state)
    assert [int(row["gross_amount"]) for row in second.rows] == [999, 20]
    assert read_files(folder, SECTIONS, second.state).rows == []


def test_a_change_in_a_later_section_reads_the_earlier_one_of_its_entity(folder: Path):
    first = read_files(folder, SECTIONS)
    settled(folder / "b.csv", HEADER + "1,2024-01-01,999\n")
    second = read_files(folder, SECTIONS, first.state)
    assert [int(row["gross_amount"]) for row in second.rows] == [10, 999]


def test_what_only_grows_is_read_whole_where_two_sections_fill_one_entity(folder: Path):
    first = read_files(folder, SECTIONS)
    settled(folder / "a.csv", HEADER + "1,2024-01-01,10\n2,2024-01-01,5\n")
    second = read_files(folder, SECTIONS, first.state)
    assert [int(row["gross_amount"]) for row in second.rows] == [10, 5, 20]


def test_an_appended_file_is_read_whole_after_one_that_changed(folder: Path):
    first = read_files(folder, PATTERN)
    settled(folder / "a.csv", HEADER + "1,2024-01-01,999\n")
    settled(folder / "b.csv", HEADER + "1,2024-01-01,20\n2,2024-01-01,5\n")
    second = read_files(folder, PATTERN, first.state)
    assert [int(row["gross_amount"]) for row in second.rows] == [999, 20, 5]


@pytest.mark.parametrize("name", ["shop [2024]", "shop [a-z]", "what?", "all*"])
def test_signs_of_patterns_in_the_name_of_the_folder_are_only_signs(tmp_path: Path, name: str):
    base = tmp_path / name
    (base / "exports").mkdir(parents=True)
    file = base / "exports" / "orders.csv"
    file.touch()
    assert matching(base, "exports/o*") == matching(base, "exports/orders.csv") == [file]
    assert matching(base / "exports", "../exports/*.csv") == [
        base / "exports/../exports/orders.csv"
    ]
    assert matching(base / "exports", str(tmp_path / "*" / "exports" / "o*")) == [file]


def test_a_name_that_is_no_utf_8_can_be_shown(tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    assert display_name(tmp_path, path) == r"caf\xe9.csv"
    assert display_name(tmp_path, tmp_path / "café.csv") == "café.csv"


CHANGES = """
kind = "files"
[[entities]]
entity = "tickets"
path = "?.csv"
latest_by = { from = "changed", format = "%d.%m.%Y %H:%M" }
where = [{ column = "state", is_not = "deleted" }]
columns = { ticket_id = "id", created_at = { value = "2024-01-01" }, status = "state" }
"""
CHANGED = "id,changed,state\n"


def test_the_latest_row_of_a_key_counts_in_whatever_file_and_load_it_is(tmp_path: Path):
    settled(tmp_path / "a.csv", CHANGED + "1,09.02.2024 10:00,solved\n1,10.01.2024 10:00,open\n")
    settled(tmp_path / "b.csv", CHANGED + "1,01.02.2024 10:00,pending\n2,01.01.2024 09:00,open\n")
    first = read_files(tmp_path, CHANGES)
    assert sorted(first.values("ticket_id", "status")) == [("1", "solved"), ("2", "open")]
    assert first.received == 4
    settled(tmp_path / "c.csv", CHANGED + "1,02.02.2024 10:00,open\n2,01.01.2024 09:00,solved\n")
    second = read_files(tmp_path, CHANGES, first.state)
    assert sorted(second.values("ticket_id", "status")) == [("1", "solved"), ("2", "solved")]
    assert read_files(tmp_path, CHANGES, second.state).rows == []


def test_an_appended_row_is_compared_with_those_that_were_loaded_before(tmp_path: Path):
    text = CHANGED + "1,09.02.2024 10:00,solved\n"
    settled(tmp_path / "a.csv", text)
    first = read_files(tmp_path, CHANGES)
    settled(tmp_path / "a.csv", text + "1,08.02.2024 10:00,open\n")
    assert read_files(tmp_path, CHANGES, first.state).values("status") == ["solved"]


def test_where_the_latest_row_is_not_the_entity_s_an_older_one_does_not_count(tmp_path: Path):
    rows = "1,01.02.2024 10:00,open\n1,02.02.2024 10:00,deleted\n2,never,deleted\n,,deleted\n"
    settled(tmp_path / "a.csv", CHANGED + rows + "3,01.02.2024 10:00,open\n3,,solved\n")
    read = read_files(tmp_path, CHANGES)
    assert read.values("ticket_id", "status") == [("3", "open")]
    assert read.rejected() == [(7, "latest_by", "is required and empty")]

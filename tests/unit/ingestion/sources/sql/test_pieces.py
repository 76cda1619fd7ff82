"""Risk: a table that is read in pieces loses rows between two of them, or is read for ever."""

import json
import sqlite3
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import build
from ingestion.sources.base import Extract
from ingestion.sources.sql import database, progress

LAKE = """
kind = "sql"
url = "sqlite:///lake.db"
[[entities]]
entity = "agents"
table = "agents"
complete = true
[entities.columns]
agent_id = "id"
[[entities]]
entity = "orders"
table = "orders"
since = { column = "changed" }
[entities.columns]
order_id = "id"
ordered_at = "changed"
gross_amount = { value = 1 }
currency = { value = "EUR" }
[[entities]]
entity = "tickets"
table = "tickets"
since = { column = "changed" }
[entities.columns]
ticket_id = "id"
created_at = "changed"
"""
START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    monkeypatch.setattr(progress, "PIECE_ROWS", 100)
    monkeypatch.setattr(database, "BATCH_ROWS", 30)
    connection = sqlite3.connect(tmp_path / "lake.db", isolation_level=None)
    connection.execute("create table agents (id, changed)")
    connection.execute("create table orders (id, changed)")
    connection.execute("create table tickets (id, changed)")
    connection.execute("insert into agents values ('ann', null)")
    add(connection, "tickets", 1, START)
    return connection


def add(lake: sqlite3.Connection, table: str, number: int, at: datetime | None) -> None:
    text = at and at.strftime("%Y-%m-%d %H:%M:%S")
    lake.execute(f"insert into {table} values (?, ?)", (number, text))


def pieces(folder: Path, state: Any = None) -> tuple[list[list[Extract]], Any]:
    """Return the extracts of each piece of a load, and the state that it leaves."""
    source = build("lake", tomllib.loads(LAKE), folder)
    found: list[list[Extract]] = []
    while not found or found[-1][-1].has_more:
        found.append(list(source.extract(state or {})))
        state = json.loads(json.dumps(found[-1][-1].state))
    return found, state


def brought(extracts: list[Extract], entity: str = "orders") -> list[int]:
    mine = [each.batch for each in extracts if each.table.name == entity]
    return [int(value) for batch in mine for value in batch[f"{entity[:-1]}_id"].to_pylist()]


def all_brought(found: list[list[Extract]]) -> list[int]:
    return [number for piece in found for number in brought(piece)]


def rejected(extracts: list[Extract]) -> int:
    return sum(len(each.rejects) for each in extracts)


@pytest.mark.parametrize("ties", [1, 7, 50])
def test_each_row_comes_once_however_many_share_a_time(lake, tmp_path, ties):
    for number in range(1_000):
        add(lake, "orders", number, START + timedelta(hours=number * 7919 % 1_000 // ties))
    found, _ = pieces(tmp_path)
    assert sorted(all_brought(found)) == list(range(1_000))
    assert len(found) > 5
    assert max(len(brought(piece)) for piece in found) <= 100 + 30 + ties


def test_more_rows_of_one_time_than_a_piece_has_are_one_piece(lake, tmp_path):
    for number in range(500):
        add(lake, "orders", number, START + timedelta(days=number // 400))
    found, _ = pieces(tmp_path)
    assert sorted(all_brought(found)) == list(range(500))
    assert len(brought(found[0])) == 400


def test_rows_without_a_time_come_with_the_first_piece_and_not_again(lake, tmp_path):
    for number in range(300):
        add(lake, "orders", number, None if number % 3 else START + timedelta(hours=number))
    found, state = pieces(tmp_path)
    assert [rejected(piece) for piece in found] == [200, 0]
    assert sorted(all_brought(found)) == list(range(0, 300, 3))
    ((again,), _) = pieces(tmp_path, state)
    assert (brought(again), rejected(again)) == ([], 0)


def test_what_transactions_still_show_late_is_not_passed_by(lake, tmp_path):
    now = datetime.now(UTC)
    for number in range(300):
        add(lake, "orders", number, now - timedelta(minutes=50, seconds=-number))
    found, state = pieces(tmp_path)
    assert len(found) == 1
    add(lake, "orders", 300, now - timedelta(minutes=49))
    assert all_brought(pieces(tmp_path, state)[0]) == [300]


def test_times_to_come_are_no_endless_load(lake, tmp_path):
    for number in range(300):
        add(lake, "orders", number, datetime(2999, 1, 1, tzinfo=UTC) + timedelta(hours=number))
    assert len(pieces(tmp_path)[0]) == 1


def test_what_is_read_whole_comes_with_the_last_piece_and_the_others_once(lake, tmp_path):
    for number in range(300):
        add(lake, "orders", number, START + timedelta(hours=number))
    found, state = pieces(tmp_path)
    read = [{each.table.name for each in piece if each.received} for piece in found]
    assert read[0] == {"orders"}
    assert [{"agents", "tickets"} & each for each in read[1:]] == [set(), {"agents", "tickets"}]
    again, _ = pieces(tmp_path, state)
    assert [(brought(piece), brought(piece, "tickets")) for piece in again] == [([], [])]


def test_a_piece_that_goes_on_leaves_what_was_put_into_quarantine(lake, tmp_path):
    for number in range(300):
        add(lake, "orders", number, START + timedelta(hours=number))
    first, *others = pieces(tmp_path)[0]
    appended = [each.is_append for each in first if each.file == "orders"]
    assert not any(appended)
    assert all(each.is_append for piece in others for each in piece if each.file == "orders")

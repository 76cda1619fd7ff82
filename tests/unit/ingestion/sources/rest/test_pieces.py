"""Risk: a history in pieces has gaps, comes twice, or is read for ever."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from ingestion.errors import MappingFault
from ingestion.retries import RetryPolicy
from ingestion.sources import build
from ingestion.sources.base import Extract
from ingestion.sources.rest import reading
from ingestion.sources.rest.source import RestSource
from tests.fixtures.rest_server import Fault, JsonApi, answer_of, serving

DESK = """
kind = "rest"
base_url = "{url}"
start_date = {start}
pages = {{ type = "cursor", path = "meta.after", param = "after", has_more = "meta.more" }}
[[endpoints]]
name = "agents"
path = "/agents"
records = "data"
[[endpoints]]
name = "tickets"
path = "/tickets"
records = "data"
since = {{ param = "since", field = "changed", {since} }}
[[entities]]
entity = "agents"
endpoint = "agents"
complete = true
[entities.columns]
agent_id = "id"
handle = "id"
[[entities]]
entity = "tickets"
endpoint = "tickets"
[entities.columns]
ticket_id = "id"
created_at = "changed"
"""
ASCENDING = "ascending = true"
WINDOWS = 'until = "to", window_days = 30'
START = datetime(2024, 1, 1, tzinfo=UTC)


def ticket(number: int, at: datetime) -> dict[str, Any]:
    return {"id": number, "changed": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[JsonApi]:
    """Serve a ticket every seven hours for most of a year, in order."""
    monkeypatch.setattr(reading, "PIECE_RECORDS", 100)
    tickets = [ticket(number, START + timedelta(hours=7 * number)) for number in range(1_000)]
    api = JsonApi({"/tickets": tickets, "/agents": [{"id": "ann"}]}, "cursor", 20)
    api.since, api.until = ("since", "changed"), "to"
    with serving(api) as api:
        yield api


def pieces(
    api: JsonApi, since: str, state: Any = None, start: str = "2024-01-01"
) -> tuple[list[list[Extract]], dict[str, Any]]:
    """Return the extracts of each piece of a load, and the state that it leaves."""
    section = dedent(DESK).format(url=api.url, since=since, start=start)
    built = build("desk", tomllib.loads(section), Path())
    assert isinstance(built, RestSource)
    source = RestSource(built.mapping, RetryPolicy(attempts=3), lambda _: None)
    found: list[list[Extract]] = []
    state = dict(state or {})
    while not found or found[-1][-1].has_more:
        found.append(list(source.extract(state)))
        state = dict(found[-1][-1].state or {})
    return found, state


def tickets(extracts: list[Extract]) -> list[int]:
    mine = [each for each in extracts if each.table.name == "tickets"]
    return [int(value) for each in mine for value in each.batch["ticket_id"].to_pylist()]


def all_tickets(found: list[list[Extract]]) -> list[int]:
    return [number for piece in found for number in tickets(piece)]


@pytest.mark.parametrize("since", [ASCENDING, WINDOWS])
def test_all_records_come_once_in_pieces_of_a_bounded_size(api: JsonApi, since: str):
    found, state = pieces(api, since)
    assert all_tickets(found) == list(range(1_000))
    assert len(found) >= 5
    assert max(len(tickets(piece)) for piece in found) < 250
    for piece in found:
        first, *_ = (each for each in piece if each.table.name == "tickets")
        assert first.is_append == (piece is not found[0])
    again, _ = pieces(api, since, state)
    assert all_tickets(again) == []


@pytest.mark.parametrize("since", [ASCENDING, WINDOWS])
def test_what_is_read_as_a_whole_is_read_once_after_the_last_piece(api: JsonApi, since: str):
    found, state = pieces(api, since)
    assert [each.path for each in api.asked].count("/agents") == 1
    whole = [any(each.is_whole for each in piece) for piece in found]
    assert whole == [False] * (len(found) - 1) + [True]
    api.asked.clear()
    pieces(api, since, state)
    assert {each.path for each in api.asked} == {"/tickets", "/agents"}


def test_a_piece_ends_where_a_vendor_gives_no_more_pages(api: JsonApi):
    found, _ = pieces(api, f"{ASCENDING}, most_pages = 2")
    assert all_tickets(found) == list(range(1_000))
    assert max(len(tickets(piece)) for piece in found) <= 40


def test_windows_need_no_order(api: JsonApi):
    api.lists["/tickets"].reverse()
    found, _ = pieces(api, WINDOWS)
    assert sorted(all_tickets(found)) == list(range(1_000))


def test_records_that_are_not_in_order_are_no_ground_for_pieces(api: JsonApi):
    api.lists["/tickets"].reverse()
    with pytest.raises(MappingFault, match=r"not in the order of 'changed'.*remove `ascending`"):
        pieces(api, ASCENDING)


def test_more_records_at_one_time_than_a_piece_has_are_one_piece(api: JsonApi):
    bulk = [ticket(number, START + timedelta(days=9)) for number in range(2_000, 2_500)]
    api.lists["/tickets"][31:31] = bulk
    found, _ = pieces(api, ASCENDING)
    assert sorted(all_tickets(found)) == [*range(1_000), *range(2_000, 2_500)]


def test_windows_without_records_are_passed_and_the_latest_changes_still_come(api: JsonApi):
    lately = datetime.now(UTC) - timedelta(minutes=5)
    api.lists["/tickets"] = [ticket(1, START + timedelta(days=400)), ticket(2, lately)]
    found, state = pieces(api, WINDOWS)
    assert all_tickets(found) == [1, 2]
    api.lists["/tickets"].append(ticket(3, lately - timedelta(minutes=50)))
    again, _ = pieces(api, WINDOWS, state)
    assert all_tickets(again) == [3]


def test_a_silent_api_is_not_asked_from_its_start_each_time(api: JsonApi):
    api.lists["/tickets"] = []
    _, state = pieces(api, WINDOWS)
    api.asked.clear()
    late = ticket(1, datetime.now(UTC) - timedelta(minutes=50))
    api.lists["/tickets"] = [late]
    found, _ = pieces(api, WINDOWS, state)
    assert len(api.asked) <= 3
    assert all_tickets(found) == [1]


def test_a_wrong_column_is_named_though_the_first_windows_are_empty(
    api: JsonApi, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "PIECE_RECORDS", 0)
    api.lists["/tickets"] = [{"number": 1, "changed": "2024-06-01T08:00:00Z"}]
    with pytest.raises(MappingFault, match="no record of /tickets has 'id'"):
        pieces(api, WINDOWS)


def test_a_figure_that_is_restated_within_the_lag_comes_again_and_the_others_do_not(api: JsonApi):
    today = datetime.now(UTC)
    days = [ticket(number, today - timedelta(days=60 - number)) for number in range(60)]
    api.lists["/tickets"] = days
    since = 'until = "to", window_days = 30, lag_minutes = 40_320'
    start = (today - timedelta(days=61)).date().isoformat()
    _, state = pieces(api, since, start=start)
    for number in (20, 40):
        days[number] = {**days[number], "spend": 12}
    again, _ = pieces(api, since, state, start)
    assert all_tickets(again) == [40]
    folded = [each.folded for piece in again for each in piece if each.table.name == "tickets"]
    assert sum(folded) >= 26


def test_an_earlier_start_reads_anew_from_there(api: JsonApi):
    _, state = pieces(api, WINDOWS, start="2024-06-01")
    api.asked.clear()
    found, _ = pieces(api, WINDOWS, state)
    assert api.asked[0].params["since"] == "2024-01-01T00:00:00Z"
    assert all_tickets(found) == list(range(1_000))


_READ = """
import resource, sys, tomllib
from pathlib import Path
from ingestion.sources import build
source = build("desk", tomllib.loads(sys.argv[1]), Path())
state, has_more, rows = {}, True, 0
while has_more:
    for extract in source.extract(state):
        rows += extract.batch.num_rows
        state, has_more = extract.state, extract.has_more
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Endless(JsonApi):
    """Tickets by number and not from a list, in pages of 5,000, as many as `count`."""

    count = 0

    def _page(self, asked: Any, records: list[Any]) -> Fault:
        if asked.path != "/tickets":
            return super()._page(asked, records)
        since = datetime.fromisoformat(asked.params["since"])
        first = int(asked.params.get("after") or max((since - START).total_seconds() // 60, 0))
        numbers = range(first, min(first + 5_000, self.count))
        records = [ticket(number, START + timedelta(minutes=number)) for number in numbers]
        end = first + 5_000
        return answer_of({"data": records, "meta": {"after": str(end), "more": end < self.count}})


def test_a_history_twice_as_long_needs_no_more_memory():
    def peak(api: Endless, count: int) -> int:
        api.count = count
        section = dedent(DESK).format(url=api.url, since=ASCENDING, start="2024-01-01")
        command = [sys.executable, "-c", _READ, section]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        rows, megabytes = (int(each) for each in done.stdout.split())
        assert rows == count + 1
        return megabytes // 1024

    api = Endless({"/tickets": [], "/agents": [{"id": "ann"}]}, "cursor", 20)
    with serving(api):
        assert peak(api, 300_000) - peak(api, 150_000) < 40

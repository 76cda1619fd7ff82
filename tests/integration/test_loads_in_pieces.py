"""Risk: a load in pieces loses a piece, or what holds for a load holds for its last piece only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from ingestion import loading
from ingestion.contract import ENTITIES
from ingestion.errors import SourceUnreachable
from ingestion.loading import Progress
from ingestion.sources.base import Extract, Reject, arrow_schema
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres

CUSTOMERS = ENTITIES["customers"]
REJECT = Reject(1, "email", "is no address", "?")


@dataclass
class Pages:
    """A source of three customers, of which each piece brings one and refuses a row."""

    numbers: tuple[int, ...] = (0, 1, 2)
    breaks_at: int | None = None
    is_whole: bool = False
    asked: list[int] = field(default_factory=list)
    name: str = "crm"
    kind: str = "rest"

    def check(self) -> str:
        return "fine"

    def extract(self, state: Mapping[str, Any]) -> Iterator[Extract]:
        page = state.get("page", 0)
        self.asked.append(page)
        if page == self.breaks_at:
            raise SourceUnreachable("crm", "nobody answers", "Try again")
        row = {"customer_id": f"c{self.numbers[page]}"}
        batch = pa.Table.from_pylist([row], schema=arrow_schema(CUSTOMERS))
        has_more = page + 1 < len(self.numbers)
        new = {"page": page + 1} if has_more else {}
        yield Extract(
            CUSTOMERS,
            "customers",
            batch,
            (REJECT,),
            2,
            new,
            is_append=page > 0,
            is_whole=self.is_whole and not has_more,
            has_more=has_more,
        )


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(loading.prepare)


def query(url: str, text: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(text).fetchall()


def held(url: str) -> list[str]:
    return [key for (key,) in query(url, "select customer_id from raw.customers order by 1")]


def test_all_pieces_are_one_load_to_those_who_ask_what_it_brought(url: str):
    shown: list[Progress] = []
    report = loading.load(Pages(), url, shown.append)
    assert held(url) == ["c0", "c1", "c2"]
    assert (report.total("received"), report.total("loaded"), report.is_balanced) == (6, 3, True)
    assert [each.rows for each in shown if each.step == "merging"] == [2, 4, 6]
    assert [each.rows for each in shown if each.step == "done"] == [6]
    (latest,) = loading.status(url).loads
    assert (latest.files, latest.received, latest.quarantined) == (1, 6, 3)
    assert query(url, "select count(*), count(distinct load_id) from concord.loads") == [(3, 1)]


def test_a_load_that_breaks_goes_on_after_its_last_piece_and_is_still_one(url: str):
    broken = Pages(breaks_at=2)
    with pytest.raises(SourceUnreachable):
        loading.load(broken, url)
    assert held(url) == ["c0", "c1"]
    resumed = Pages()
    loading.load(resumed, url)
    assert (broken.asked, resumed.asked) == ([0, 1, 2], [2])
    assert loading.status(url).loads[0].quarantined == 3
    loading.load(Pages((7,)), url)
    assert query(url, "select count(distinct load_id) from concord.loads") == [(2,)]


def test_a_reset_takes_out_only_what_no_piece_brings(url: str):
    loading.load(Pages((1, 2, 3)), url)
    loading.reset(url, "crm")
    with pytest.raises(SourceUnreachable):
        loading.load(Pages((4, 2, 3), breaks_at=2), url)
    assert held(url) == ["c1", "c2", "c3"]
    loading.load(Pages((4, 2, 3)), url)
    assert held(url) == ["c2", "c3", "c4"]


def test_a_loss_that_was_accepted_is_let_go_by_the_piece_that_finds_it(url: str):
    loading.load(Pages(tuple(range(30))), url)
    loading.accept_loss(url, "crm")
    loading.load(Pages((1, 2), is_whole=True), url)
    assert held(url) == ["c2"]

"""Risk: a value that nobody needs takes its row with it, or is lost without a word."""

import os
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
import pytest

from ingestion import loading
from ingestion.loading import LoadReport, Status
from ingestion.sources import build
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres

CUSTOMERS = """
kind = "files"
[[entities]]
entity = "customers"
path = "customers*.csv"
columns = { customer_id = "id", birth_year = "born", created_at = "since" }
"""
HEADER = "id,born,since\n"


class Shop:
    """A folder of exports, and the warehouse that they load into."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def load(self, section: str = CUSTOMERS, **files: str) -> LoadReport:
        """Write files, load what is new, and check that no row went missing."""
        for name, text in files.items():
            path = self.folder / f"{name}.csv"
            path.write_text(text)
            os.utime(path, (10**9, 10**9))  # long settled
        source = build("shop", tomllib.loads(dedent(section)), self.folder)
        report = loading.load(source, self.url)
        assert report.is_balanced
        return report

    def status(self) -> Status:
        return loading.status(self.url)

    def emptied(self) -> list[tuple[Any, ...]]:
        """Return field, reason, count and the place of the first, as `status` shows them."""
        counts = self.status().emptied
        return [(each.field, each.reason, each.rows, each.file, each.line) for each in counts]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def shop(tmp_path: Path, copied: Copied) -> Shop:
    return Shop(tmp_path, copied(loading.prepare))


def test_a_customer_born_in_1893_stays_and_the_year_is_told(shop: Shop) -> None:
    report = shop.load(customers=HEADER + "1,1893,2024-01-01\n2,1980,soon\n3,1880,\n,1980,\n")
    found = shop.rows("select customer_id, birth_year from raw.customers order by 1")
    assert found == [("1", None), ("2", 1980), ("3", None)]
    assert (report.total("received"), report.total("quarantined")) == (4, 1)
    assert shop.emptied() == [
        ("birth_year", "is less than 1900", 2, "customers.csv", 2),
        ("created_at", "is not a time in the expected format", 1, "customers.csv", 3),
    ]
    original = "select original from quarantine.emptied_values where field = 'birth_year'"
    assert shop.rows(original) == [("1,1893,2024-01-01",)]


def test_what_is_told_goes_with_its_file_and_adds_up_as_it_is_appended_to(shop: Shop) -> None:
    text = HEADER + "1,1893,\n"
    shop.load(customers=text, customers_b=HEADER + "9,1850,\n")
    shop.load(customers=text + "2,1894,\n3,1980,\n")
    ((_, _, rows, file, line),) = shop.emptied()
    assert (rows, file, line) == (3, "customers.csv", 2)
    shop.load(customers=HEADER + "1,1993,\n")
    assert [(each[2], each[3]) for each in shop.emptied()] == [(1, "customers_b.csv")]
    (shop.folder / "customers_b.csv").unlink()
    shop.load()
    assert shop.emptied() == []


RATINGS = """
kind = "files"
[[entities]]
entity = "satisfaction_ratings"
path = "ratings.csv"
[entities.columns]
rating_id = "id"
score = "stars"
scale_max = 5
rated_at = "answered"
offered_at = "asked"
"""


def test_a_rating_with_a_score_and_no_time_is_in_quarantine(shop: Shop) -> None:
    lines = "1,5,,2024-01-01\n2,4,,\n3,,,2024-01-01\n4,5,2024-01-02,2024-01-01\n"
    shop.load(RATINGS, ratings="id,stars,answered,asked\n" + lines)
    kept = shop.rows("select rating_id from raw.satisfaction_ratings order by 1")
    assert kept == [("3",), ("4",)]
    reasons = "select line, field, reason from quarantine.rejected_rows order by 1"
    missing = "is required where score is filled, and empty"
    assert shop.rows(reasons) == [(2, "rated_at", missing), (3, "rated_at", missing)]


SURVEYS = """
kind = "files"
[[entities]]
entity = "survey_responses"
path = "answers.csv"
columns = { response_id = "id", score = "score", answered_at = "at" }
"""


def test_an_answer_with_a_score_and_no_time_is_in_quarantine(shop: Shop) -> None:
    shop.load(SURVEYS, answers="id,score,at\n1,9,\n2,,2024-01-01\n3,9,2024-01-01\n")
    assert shop.rows("select response_id from raw.survey_responses") == [("3",)]
    fields = "select field from quarantine.rejected_rows order by line"
    assert shop.rows(fields) == [("answered_at",), ("score",)]


CHANGES = """
kind = "files"
[[entities]]
entity = "tickets"
path = "changes*.csv"
latest_by = "changed"
columns = { ticket_id = "id", created_at = "opened", status = "state" }
"""
CHANGED = "id,opened,changed,state\n"


def test_an_old_state_that_comes_late_changes_nothing(shop: Shop) -> None:
    first = "1,2024-01-01,2024-01-09,solved\n2,2024-01-02,2024-01-02,open\n"
    shop.load(CHANGES, changes_a=CHANGED + first)
    report = shop.load(CHANGES, changes_b=CHANGED + "1,2024-01-01,2024-01-05,pending\n")
    assert (report.total("received"), report.total("updated")) == (3, 0)
    states = "select ticket_id, status from raw.tickets order by 1"
    assert shop.rows(states) == [("1", "solved"), ("2", "open")]
    shop.load(CHANGES, changes_0=CHANGED + "2,2024-01-02,2024-02-01,closed\n")
    assert shop.rows(states) == [("1", "solved"), ("2", "closed")]

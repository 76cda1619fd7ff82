"""Risk: a published figure changes, and nobody can tell which, when and by what."""

import csv
from datetime import date
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient

from dashboards.scorecard.app import create_app
from dashboards.scorecard.export import export
from dashboards.scorecard.publication import last_published_at, publish
from dashboards.scorecard.records import Company, GateOutcome
from dashboards.scorecard.restatements import Arrived, Causes, Explained
from tests.browser.seeded_warehouse import AS_OF, MONTHS, seed
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres
COMPANY = Company("Northwind")
LATEST = MONTHS[-2]
LATE = Causes(arrivals=(Arrived("orders", 3, 0), Arrived("tickets", 0, 2)))
HELD = (
    f"nps of the whole company for {LATEST:%B %Y} is published as 31.00 points and would now be"
    " 70.00; accepted by Ana on 28 November 2026: the survey was sent twice."
)


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(_publish)


def _publish(url: str) -> None:
    seed(url)
    publish_anew(url)


def publish_anew(url: str, causes: Causes | None = None, accepted: tuple[str, ...] = ()) -> None:
    gate = GateOutcome("publishable: scorecard", True, 41, accepted=accepted)
    publish(url, COMPANY, [gate], AS_OF, causes)


def change(url: str, statement: str, month: date = LATEST) -> None:
    """Change the company's nps of a month in the marts."""
    with psycopg.connect(url) as connection:
        connection.execute(
            f"{statement} where metric_id = 'nps' and segment_name = 'company'"
            " and period_start = %s",
            (month,),
        )


def restated(url: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select metric_id, period_start, old_value is not null, new_value, cause, detail"
            " from published.restatements order by restated_at"
        ).fetchall()


def test_what_stays_is_not_restated(url: str):
    publish_anew(url, LATE)
    assert restated(url) == []


def test_late_rows_and_corrections_are_told_with_their_numbers(url: str):
    change(url, "update marts.scorecard set value = 70")
    publish_anew(url, LATE)
    detail = "orders: 3 new, 0 changed; tickets: 0 new, 2 changed"
    assert restated(url) == [("nps", LATEST, True, 70, "late rows and corrections", detail)]


def test_a_figure_that_changes_without_new_rows_is_said_to_do_so(url: str):
    change(url, "update marts.scorecard set value = 70")
    publish_anew(url)
    ((*_, cause, detail),) = restated(url)
    assert cause == "settings"
    assert detail.startswith("no row has arrived")


def test_a_running_month_changes_without_a_word(url: str):
    change(url, "update marts.scorecard set value = 70", MONTHS[-1])
    publish_anew(url, LATE)
    assert restated(url) == []


def test_a_figure_that_goes_has_no_new_value(url: str):
    change(url, "delete from marts.scorecard")
    publish_anew(url, LATE)
    assert [(row[2], row[3]) for row in restated(url)] == [(True, None)]


def test_a_definition_goes_before_every_other_cause(url: str):
    change(url, "update marts.scorecard set value = 70, definition_version = '9'")
    publish_anew(url, Causes((Explained(None, LATEST, LATEST, "a new scale"),), LATE.arrivals))
    ((*_, cause, detail),) = restated(url)
    assert cause == "definition"
    assert detail.endswith("became 9")


@pytest.mark.parametrize(
    ("explained", "cause"),
    [
        (Explained("nps", LATEST, LATEST, "a new scale"), "explanation"),
        (Explained(None, MONTHS[0], LATEST, "a new scale"), "explanation"),
        (Explained("csat", LATEST, LATEST, "a new scale"), "late rows and corrections"),
        (Explained("nps", MONTHS[0], MONTHS[-3], "a new scale"), "late rows and corrections"),
    ],
)
def test_an_explanation_covers_its_metrics_and_months(url: str, explained: Explained, cause: str):
    change(url, "update marts.scorecard set value = 70")
    publish_anew(url, Causes((explained,), LATE.arrivals))
    assert [row[4] for row in restated(url)] == [cause]


def test_an_acceptance_covers_the_figure_that_it_names(url: str):
    change(url, "update marts.scorecard set value = 70")
    change(url, "update marts.scorecard set value = 60", MONTHS[-3])
    publish_anew(url, LATE, accepted=(HELD,))
    assert {row[1]: row[4] for row in restated(url)} == {
        LATEST: "acceptance",
        MONTHS[-3]: "late rows and corrections",
    }


def test_the_page_shows_a_change_that_rounding_would_hide(url: str):
    change(url, "update marts.scorecard set value = 31.2")
    publish_anew(url)
    change(url, "update marts.scorecard set value = 31.24")
    publish_anew(url)
    table = TestClient(create_app(url)).get("/metric/nps").text.partition("Restated figures")[2]
    assert '<td class="num">31.20</td><td class="num">31.24</td>' in table


def test_the_page_and_the_export_show_the_log(url: str, tmp_path: Path):
    before = last_published_at(url)
    change(url, "update marts.scorecard set value = 70")
    publish_anew(url, LATE, accepted=(HELD,))
    page = TestClient(create_app(url))
    assert "Restated figures" in page.get("/metric/nps").text
    assert "the survey was sent twice" in page.get("/metric/nps").text
    assert "Restated figures" not in page.get("/metric/csat").text
    assert "1 accepted finding" in page.get("/").text

    file = tmp_path / "restatements.csv"
    export(url, "restatements", file)
    (entry,) = csv.DictReader(file.open())
    assert (entry["metric_id"], entry["period_start"]) == ("nps", LATEST.isoformat())
    assert (float(entry["new_value"]), entry["cause"]) == (70.0, "acceptance")
    after = last_published_at(url)
    assert before
    assert after
    assert before < after

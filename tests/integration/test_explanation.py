"""Risk: who asks for the ground of a figure is told another one than the figure has."""

import psycopg
import pytest

from dashboards.scorecard import definition
from dashboards.scorecard.explanation import Explanation, explanation
from dashboards.scorecard.page import Filters
from dashboards.scorecard.publication import publish
from dashboards.scorecard.queries import open_reader
from dashboards.scorecard.records import Company
from orchestration.explaining import no_rows
from tests.browser.seeded_warehouse import AS_OF, MONTHS, seed, seed_joint

pytestmark = pytest.mark.postgres
COMPANY = Company("Northwind", True, "SEK", "Europe/Stockholm")


@pytest.fixture(scope="module")
def url(module_database_url: str) -> str:
    """Give a warehouse that was published once."""
    seed(module_database_url)
    publish(module_database_url, COMPANY, [], AS_OF)
    return module_database_url


def explained(url: str, metric_id: str, filters: Filters | None = None) -> Explanation | None:
    with open_reader(url) as reader:
        return explanation(reader, metric_id, filters or Filters(), definition.load())


@pytest.mark.parametrize("segment", [("company", "all"), ("brand", "Northwind")])
def test_the_query_gives_the_rows_that_the_figure_counts(url: str, segment: tuple[str, str]):
    found = explained(url, "retention_rate", Filters(segment=segment))
    assert found is not None
    table = found.page.table
    assert table is not None
    assert len(table.rows) <= 5
    with psycopg.connect(url) as connection:
        assert len(connection.execute(found.query).fetchall()) == table.total


def test_an_unknown_metric_has_no_explanation(url: str):
    assert explained(url, "no_such_metric") is None


def test_a_month_without_a_figure_has_no_rows(url: str):
    found = explained(url, "retention_rate", Filters(period=MONTHS[0].replace(year=1999)))
    assert found is not None
    assert (found.page.table, found.query) == (None, "")
    assert found.page.card.note


def test_who_asks_for_all_events_together_is_told_to_name_one(database_url: str):
    seed(database_url)
    seed_joint(database_url)
    publish(database_url, COMPANY, [], AS_OF)
    found = explained(database_url, "retention_after")
    assert found is not None
    assert no_rows(found.page).endswith("name one with --segment, such as event:solved_complaint")
    named = Filters(segment=("event", "solved_complaint"))
    one = explained(database_url, "retention_after", named)
    assert one is not None and one.page.table is not None
    assert one.page.table.total == 1


def test_columns_that_count_the_whole_are_not_compared_with_a_figure_that_counts_otherwise(
    database_url: str,
):
    seed(database_url)
    seed_joint(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "create table marts.cohort_retention as select %s::date as period_start,"
            " 7 as month_k, 1 as month_3_ordering_count, 2 as month_3_cohort_size",
            [MONTHS[-2]],
        )
    publish(database_url, COMPANY, [], AS_OF)
    found = explained(database_url, "cohort_retention", Filters(MONTHS[-2], ("month_k", "7")))
    assert found is not None and found.page.table is not None
    assert (found.page.table.total, found.page.table.sums) == (1, ())


def test_what_the_last_publication_changed_stands_apart_from_what_an_earlier_one_did(
    database_url: str,
):
    seed(database_url)
    for change in range(3):
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "update marts.scorecard set value = value + %s where metric_id = 'nps'"
                " and period_start = %s and segment_name = 'company'",
                (change, MONTHS[3 + change]),
            )
        publish(database_url, COMPANY, [], AS_OF)
    found = explained(database_url, "nps")
    assert found is not None
    changed = [[each.period for each in part] for part in (found.changed, found.changed_before)]
    assert changed == [[f"{MONTHS[5]:%b %Y}"], [f"{MONTHS[4]:%b %Y}"]]

"""Publication on a real PostgreSQL: all or nothing, only what changed, nobody named."""

from datetime import timedelta

import psycopg
import pytest

from dashboards.scorecard import publication, queries
from dashboards.scorecard.publication import hold, publish
from dashboards.scorecard.queries import open_reader
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, MONTHS, seed

pytestmark = pytest.mark.postgres
COMPANY = Company("Northwind", True, "SEK", "Europe/Stockholm")
PASSED = [GateOutcome("publishable: scorecard", True, 41)]
BLOCKED = [GateOutcome("publishable: scorecard", False, 41, ("nps jumped",))]


@pytest.fixture
def warehouse(database_url: str) -> str:
    seed(database_url)
    return database_url


def run(url: str, statement: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def same_content(url: str, table: str) -> bool:
    columns = ", ".join(
        row[0]
        for row in run(
            url,
            "select column_name from information_schema.columns where table_schema = 'published'"
            f" and table_name = '{table}'",
        )
    )
    difference = (
        f"select {columns} from marts.{table} except all select {columns} from published.{table}"
    )
    return run(url, difference) == []


def test_readers_see_what_the_marts_hold(warehouse: str) -> None:
    written = publish(warehouse, COMPANY, PASSED, AS_OF)
    assert written["scorecard"] > 4000
    for table in written:
        assert same_content(warehouse, table)


def test_the_ledger_tells_company_gates_and_definition_versions(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with open_reader(warehouse) as reader:
        published = reader.standing().published
    assert published is not None
    assert (published.company, published.gates, published.as_of) == (COMPANY, tuple(PASSED), AS_OF)
    assert published.definition_versions["nps"] == "1"
    assert published.rows > 4000


def test_a_second_publication_of_the_same_writes_no_monthly_row(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    written = publish(warehouse, COMPANY, PASSED, AS_OF + timedelta(days=1))
    assert written["scorecard"] == 0
    assert written["retention_by_person"] == 0


def test_only_the_month_that_changed_is_written_again(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(
        warehouse,
        "update marts.scorecard set value = value + 1"
        f" where period_start = '{MONTHS[3]}' and metric_id = 'nps'",
    )
    in_month = run(
        warehouse, f"select count(*) from marts.scorecard where period_start = '{MONTHS[3]}'"
    )[0][0]
    assert publish(warehouse, COMPANY, PASSED, AS_OF)["scorecard"] == in_month
    assert same_content(warehouse, "scorecard")


def test_rows_that_vanish_from_a_mart_vanish_from_the_page(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(warehouse, f"delete from marts.scorecard where period_start = '{MONTHS[0]}'")
    publish(warehouse, COMPANY, PASSED, AS_OF)
    left = f"select count(*) from published.scorecard where period_start = '{MONTHS[0]}'"
    assert run(warehouse, left) == [(0,)]


def test_a_mart_rebuilt_with_the_same_rows_stays_equal(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    seed(warehouse)
    publish(warehouse, COMPANY, PASSED, AS_OF)
    total = "select (select count(*) from {0}.scorecard), (select count(*) from {0}.mentions)"
    assert run(warehouse, total.format("marts")) == run(warehouse, total.format("published"))


def test_a_mart_with_other_columns_is_followed(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(
        warehouse,
        "alter table marts.retention_by_person add column tier text default 'gold',"
        " drop column revenue, alter column brand type varchar(40)",
    )
    publish(warehouse, COMPANY, PASSED, AS_OF)
    assert same_content(warehouse, "retention_by_person")
    assert run(warehouse, "select distinct tier from published.retention_by_person") == [("gold",)]


def test_a_publication_that_fails_leaves_everything_as_it_was(
    warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    before = run(warehouse, "select sum(value) from published.scorecard")
    run(warehouse, "update marts.scorecard set value = value + 1")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(publication, "_record", fail)
    with pytest.raises(RuntimeError):
        publish(warehouse, COMPANY, PASSED, AS_OF)
    assert run(warehouse, "select sum(value) from published.scorecard") == before


def test_a_reader_at_work_keeps_seeing_one_publication(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with open_reader(warehouse) as reader:
        before = reader.standing().published
        first = reader.series([("nps", "company", "all")])
        run(warehouse, "update marts.scorecard set value = value + 1")
        publish(warehouse, COMPANY, PASSED, AS_OF)
        assert reader.series([("nps", "company", "all")]) == first
        assert reader.standing().published == before


def test_a_hold_keeps_the_numbers_and_says_why(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    before = run(warehouse, "select sum(value) from published.scorecard")
    run(warehouse, "update marts.scorecard set value = value + 1")
    hold(warehouse, COMPANY, BLOCKED, AS_OF)
    assert run(warehouse, "select sum(value) from published.scorecard") == before
    with open_reader(warehouse) as reader:
        standing = reader.standing()
    assert standing.published is not None and standing.hold is not None
    assert standing.hold.reasons == ("nps jumped",)
    assert "nps jumped" in queries.publication(warehouse)


def test_the_next_publication_ends_the_hold(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    hold(warehouse, COMPANY, BLOCKED, AS_OF)
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with open_reader(warehouse) as reader:
        assert reader.standing().hold is None


def test_a_hold_before_anything_was_published_is_told(database_url: str) -> None:
    hold(database_url, COMPANY, BLOCKED, AS_OF)
    with open_reader(database_url) as reader:
        standing = reader.standing()
    assert standing.published is None
    assert standing.hold is not None


def test_columns_that_name_a_person_are_never_published(warehouse: str) -> None:
    run(warehouse, "alter table marts.retention_by_person add column email text default 'a@b.org'")
    publish(warehouse, COMPANY, PASSED, AS_OF)
    named = (
        "select table_name, column_name from information_schema.columns where table_schema ="
        " 'published' and column_name in ('email', 'phone', 'author_handle', 'customer_key')"
    )
    assert run(warehouse, named) == []


def test_nothing_published_is_read_as_nothing(database_url: str) -> None:
    with open_reader(database_url) as reader:
        assert reader.standing().published is None
        assert reader.definitions() == {}
        assert list(reader.everything()) == []
    assert queries.publication(database_url) == "nothing published yet"


def test_the_page_cannot_write(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with (
        open_reader(warehouse) as reader,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        reader.connection.execute("delete from published.scorecard")

"""Publication on a real PostgreSQL: all or nothing, only what changed, nobody named."""

from datetime import timedelta

import psycopg
import pytest

from dashboards.scorecard import publication, standing
from dashboards.scorecard.publication import hold, publish
from dashboards.scorecard.queries import open_reader
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, MONTHS, seed
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres
COMPANY = Company("Northwind", True, "SEK", "Europe/Stockholm")
PASSED = [GateOutcome("publishable: scorecard", True, 41)]
BLOCKED = [GateOutcome("publishable: scorecard", False, 41, ("nps jumped",))]


@pytest.fixture
def warehouse(copied: Copied) -> str:
    return copied(seed)


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


def test_the_ledger_shows_company_gates_and_definition_versions(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with open_reader(warehouse) as reader:
        published = reader.standing().published
    assert published is not None
    assert (published.company, published.gates, published.as_of) == (COMPANY, tuple(PASSED), AS_OF)
    assert published.definition_versions["nps"] == "3"
    assert published.rows > 4000


def test_marts_rebuilt_with_the_same_rows_write_nothing(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    seed(warehouse)
    assert set(publish(warehouse, COMPANY, PASSED, AS_OF + timedelta(days=1)).values()) == {0}


def test_only_the_rows_that_changed_are_written_again(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    unchanged = "select ctid, xmin from published.scorecard where metric_id <> 'nps' order by ctid"
    before = run(warehouse, unchanged)
    changed = run(
        warehouse,
        "update marts.scorecard set value = value + 1"
        f" where period_start = '{MONTHS[3]}' and metric_id = 'nps' and value > 0 returning 1",
    )
    assert publish(warehouse, COMPANY, PASSED, AS_OF)["scorecard"] == len(changed)
    assert same_content(warehouse, "scorecard")
    assert run(warehouse, unchanged) == before


def test_equal_rows_are_published_as_often_as_the_mart_holds_them(warehouse: str) -> None:
    run(warehouse, "create table marts.sales as select * from (values (1), (1), (2)) as s (amount)")
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(warehouse, "truncate marts.sales; insert into marts.sales values (1), (2), (2)")
    publish(warehouse, COMPANY, PASSED, AS_OF)
    assert run(warehouse, "select amount from published.sales order by 1") == [(1,), (2,), (2,)]


def test_rows_that_vanish_from_a_mart_vanish_from_the_page(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(warehouse, f"delete from marts.scorecard where period_start = '{MONTHS[0]}'")
    publish(warehouse, COMPANY, PASSED, AS_OF)
    left = f"select count(*) from published.scorecard where period_start = '{MONTHS[0]}'"
    assert run(warehouse, left) == [(0,)]


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


VISITS = """
create table marts.visits as select 'ann' as person_id, 3 as amount;
create view marts.visits_by_person as
    select person_id, sum(amount) as amount from marts.visits group by person_id;
create view marts.frequent_visitors as
    select person_id from marts.visits_by_person where amount > 2;
"""


def test_a_view_reads_what_is_published_and_not_what_is_built(warehouse: str) -> None:
    run(warehouse, VISITS)
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(warehouse, "update marts.visits set person_id = 'ben'")
    frequent = "select person_id from published.frequent_visitors"
    assert run(warehouse, frequent) == [("ann",)]
    publish(warehouse, COMPANY, PASSED, AS_OF)
    assert run(warehouse, frequent) == [("ben",)]


def test_a_view_follows_its_definition_and_its_tables(warehouse: str) -> None:
    run(warehouse, VISITS)
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(
        warehouse,
        "drop view marts.frequent_visitors, marts.visits_by_person;"
        " alter table marts.visits alter column amount type numeric;"
        " create view marts.visits_by_person as select person_id, amount from marts.visits",
    )
    publish(warehouse, COMPANY, PASSED, AS_OF)
    gone = "select to_regclass('published.frequent_visitors')"
    assert run(warehouse, gone) == [(None,)]
    assert run(warehouse, "select * from published.visits_by_person") == [("ann", 3)]


def test_a_table_that_became_a_view_is_followed(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(
        warehouse,
        "alter table marts.retention_by_person rename to activity;"
        " create view marts.retention_by_person as select * from marts.activity",
    )
    publish(warehouse, COMPANY, PASSED, AS_OF)
    assert same_content(warehouse, "retention_by_person")
    publish(warehouse, COMPANY, PASSED, AS_OF)


def test_a_mart_that_is_gone_is_published_no_longer(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(warehouse, "drop table marts.mentions")
    publish(warehouse, COMPANY, PASSED, AS_OF)
    assert run(warehouse, "select to_regclass('published.mentions')") == [(None,)]


def test_a_view_over_what_no_gate_has_seen_is_refused(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    run(
        warehouse,
        "create table public.unchecked as select 1 as amount;"
        " create view marts.leak as select amount from public.unchecked",
    )
    with pytest.raises(ValueError, match=r"marts\.leak reads public\.unchecked"):
        publish(warehouse, COMPANY, PASSED, AS_OF)
    assert run(warehouse, "select to_regclass('published.leak')") == [(None,)]


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


def test_a_reader_at_work_holds_no_publication_up(warehouse: str) -> None:
    run(warehouse, VISITS)
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with psycopg.connect(warehouse) as reader:
        for table in ("scorecard", "frequent_visitors", "publication_state", "signal_changes"):
            reader.execute(f"select * from published.{table}")
        run(warehouse, "update marts.scorecard set value = value + 1")
        publish(f"{warehouse}?options=-c%20lock_timeout%3D2s", COMPANY, PASSED, AS_OF)


def test_a_hold_keeps_the_numbers_and_says_why(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    before = run(warehouse, "select sum(value) from published.scorecard")
    run(warehouse, "update marts.scorecard set value = value + 1")
    hold(warehouse, COMPANY, BLOCKED, AS_OF)
    assert run(warehouse, "select sum(value) from published.scorecard") == before
    with open_reader(warehouse) as reader:
        seen = reader.standing()
    assert seen.published is not None and seen.hold is not None
    assert seen.hold.reasons == ("nps jumped",)
    assert "nps jumped" in standing.publication(warehouse)


def test_the_next_publication_ends_the_hold(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    hold(warehouse, COMPANY, BLOCKED, AS_OF)
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with open_reader(warehouse) as reader:
        assert reader.standing().hold is None


def test_a_hold_before_anything_was_published_is_reported(database_url: str) -> None:
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


def test_a_view_cannot_publish_what_names_a_person(warehouse: str) -> None:
    run(
        warehouse,
        "alter table marts.mentions add column email text default 'a@b.org';"
        " create view marts.addresses as select email as contact from marts.mentions",
    )
    with pytest.raises(psycopg.errors.UndefinedColumn, match="email"):
        publish(warehouse, COMPANY, PASSED, AS_OF)


def test_nothing_published_is_read_as_nothing(database_url: str) -> None:
    with open_reader(database_url) as reader:
        assert reader.standing().published is None
        assert reader.definitions() == {}
        assert list(reader.everything()) == []
    assert standing.publication(database_url) == "nothing published yet"


def test_the_page_cannot_write(warehouse: str) -> None:
    publish(warehouse, COMPANY, PASSED, AS_OF)
    with (
        open_reader(warehouse) as reader,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        reader.connection.execute("delete from published.scorecard")

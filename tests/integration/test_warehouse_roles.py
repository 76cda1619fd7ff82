"""Risk: who may only read reads a password or a table, runs a program, or holds up a run."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from dashboards import reading_role
from dashboards.metabase import reader
from dashboards.scorecard import page_role, publication
from ingestion import loading
from orchestration import ledger, status_role
from orchestration.errors import RunInProgress
from orchestration.exclusive import only_run
from orchestration.warehouse import EmbeddedPostgres, roles
from tests.fixtures.databases import open_database

pytestmark = pytest.mark.postgres

PASSWORD = "the reader's own"
REFUSED_TO_ALL = (
    "select pg_read_file('../password')",
    "select pg_ls_dir('.')",
    "copy (select 1) to program 'id'",
    "copy published.figures from program 'id'",
    "copy published.figures from '/etc/passwd'",
    "select rolpassword from pg_authid",
    "create role mine superuser",
    "create database mine",
)
REFUSED_TO_READERS = (
    "select * from raw.people",
    "select * from concord.publications",
    "create table published.mine (a int)",
    "create table public.mine (a int)",
    "create schema mine",
    "create temporary table mine (a int)",
    "delete from published.figures",
    "create role mine",
    "select pg_advisory_lock(7302002)",
    "select pg_try_advisory_xact_lock(hashtext('concord.run'))",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
)

REFUSED_TO_STATUS = (
    "select * from published.figures",
    "select * from raw.orders",
    "select * from raw.customers",
    "select original from quarantine.rejected_rows",
    "select * from quarantine.emptied_values",
    "select * from analytics.people",
    "update concord.gate_results set is_passed = true",
    "delete from concord.loads",
)


@pytest.fixture(scope="module")
def owner_url(shared_workspace: Path) -> str:
    """Give the embedded warehouse's URL, with something raw and something published."""
    url = EmbeddedPostgres(shared_workspace).start()
    publication.prepare(url)
    with psycopg.connect(url) as connection:
        connection.execute(
            "create schema analytics; create table analytics.people as select 'hi' as text;"
            "create schema raw; create table raw.people as select 'ann@example.org' as email;"
            "create table published.figures as select 1 as value"
        )
    return url


@pytest.fixture(scope="module")
def urls(owner_url: str) -> dict[str, str]:
    """Give the URL of each role that the embedded warehouse knows, but its administrator."""
    reader.make(owner_url, PASSWORD)
    metabase = psycopg.conninfo.make_conninfo(owner_url, user=reader.ROLE, password=PASSWORD)
    loading.prepare(owner_url)
    ledger.prepare(owner_url)
    return {
        "owner": owner_url,
        "page": page_role.make(owner_url),
        "metabase": metabase,
        "status": status_role.make(owner_url),
    }


@pytest.fixture
def plain_url(server_url: str, database_url: str) -> Iterator[str]:
    """Give a database of a server of the user's own, with an account that may make no role."""
    database = sql.Identifier(urlsplit(database_url).path[1:])
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("create role plain login password 'plain'")
        connection.execute(sql.SQL("grant create on database {} to plain").format(database))
        yield psycopg.conninfo.make_conninfo(database_url, user="plain", password="plain")
        connection.execute(sql.SQL("revoke all on database {} from plain").format(database))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop owned by plain; drop role plain")


def attempt(url: str, statement: str) -> None:
    """Try a statement as somebody who knows that reading is only a default."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        connection.execute(statement)


@pytest.mark.parametrize("statement", REFUSED_TO_ALL)
@pytest.mark.parametrize("role", ["owner", "page", "metabase", "status"])
def test_no_role_reads_the_machines_files_or_runs_its_programs(
    urls: dict[str, str], role: str, statement: str
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt(urls[role], statement)


@pytest.mark.parametrize("statement", REFUSED_TO_READERS)
@pytest.mark.parametrize("role", ["page", "metabase"])
def test_readers_read_what_is_published_and_do_nothing_else(
    urls: dict[str, str], role: str, statement: str
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt(urls[role], statement)
    attempt(urls[role], "select * from published.figures")


@pytest.mark.parametrize("statement", [*REFUSED_TO_READERS, *REFUSED_TO_STATUS])
def test_who_asks_for_the_status_reads_ledgers_and_nobodys_data(
    urls: dict[str, str], statement: str
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt(urls["status"], statement)
    loading.status(urls["status"])


@pytest.mark.parametrize("database", ["postgres", "template1"])
@pytest.mark.parametrize("role", ["page", "metabase", "status"])
def test_readers_get_into_no_other_database(urls: dict[str, str], role: str, database: str):
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(urls[role], dbname=database)


@pytest.mark.parametrize("role", ["page", "metabase", "status"])
def test_a_reader_fills_no_disk_with_what_it_sorts(urls: dict[str, str], role: str):
    def limit(url: str) -> str:
        with psycopg.connect(url) as connection:
            return connection.execute("show temp_file_limit").fetchall()[0][0]

    assert (limit(urls[role]), limit(urls["owner"])) == ("2GB", "-1")
    for statement in (
        "set temp_file_limit = -1",
        "select pg_logical_emit_message(true, 'a', repeat('x', 1000))",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attempt(urls[role], statement)


def test_a_readers_statement_and_open_transaction_end_by_themselves(urls: dict[str, str]):
    for role in ("page", "metabase", "status"):
        with psycopg.connect(urls[role]) as connection:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                shown = sql.SQL("show {}").format(sql.Identifier(limit))
                assert connection.execute(shown).fetchone() == ("2min",)


def test_the_page_reads_what_is_published_after_its_role_was_made(urls: dict[str, str]):
    with psycopg.connect(urls["owner"]) as connection:
        connection.execute("create table published.later as select 2 as value")
        connection.execute("create view published.seen as select * from published.later")
    attempt(urls["page"], "select value from published.later")
    attempt(urls["page"], "select value from published.seen")


def test_a_warehouse_of_an_earlier_version_is_handed_over_with_all_that_is_in_it(
    shared_workspace: Path, owner_url: str
):
    server = EmbeddedPostgres(shared_workspace)
    with open_database(server.administrator_url(), "earlier") as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "create schema raw; create schema published;"
                "create table raw.orders (nr bigint generated always as identity primary key);"
                "create view published.orders as select * from raw.orders"
            )
            connection.execute("create role concord_earlier login")
            assert not roles.is_handed_over(connection, "earlier")
            roles.hand_over(connection)
            assert roles.is_handed_over(connection, "earlier")
        with psycopg.connect(owner_url, dbname="earlier") as connection:
            connection.execute("insert into raw.orders default values")
            assert connection.execute("select nr from published.orders").fetchall() == [(1,)]
            connection.execute("drop view published.orders; alter table raw.orders add a int")
            connection.execute("drop schema raw cascade; drop schema published")
            connection.execute("alter role concord_earlier set statement_timeout = 1")
            connection.execute("drop role concord_earlier")


def test_an_account_that_may_make_no_role_is_shown_what_to_ask_for(plain_url: str):
    parts = psycopg.conninfo.conninfo_to_dict(plain_url)
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
    with pytest.raises(reading_role.RoleNotMade, match='alter role "plain" createrole'):
        page_role.make(url)
    with pytest.raises(reading_role.RoleNotMade, match="no password"):
        page_role.make(url.replace(":plain@", "@"))


def test_a_stranger_who_holds_the_lock_of_runs_is_named(plain_url: str, database_url: str):
    """On a server of the user's own, everybody may take it."""
    with psycopg.connect(plain_url, autocommit=True) as stranger:
        stranger.execute("select pg_advisory_lock(hashtext('concord.run'))")
        named = rf"the role plain holds .*pg_terminate_backend\({stranger.info.backend_pid}\)"
        with pytest.raises(RunInProgress, match=named), only_run(database_url):
            pass

"""Risk: Metabase shows a person, lets the wrong people look, or leaks a secret."""

import json
from collections.abc import Iterator

import psycopg
import pytest

from dashboards.metabase import reader
from dashboards.metabase.errors import ReaderNotMade
from dashboards.scorecard.privacy import WITHHELD
from tests.fixtures.metabase_site import PASSWORD, MetabaseSite, open_metabase

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def site(module_database_url: str) -> Iterator[MetabaseSite]:
    with open_metabase(module_database_url, warehouse_url=module_database_url) as opened:
        for schema in ("raw", "staging", "intermediate", "quarantine", "analytics"):
            opened.query(f"create schema {schema}")
            opened.query(f"create table {schema}.customers as select 'ann@example.org' as email")
        opened.publish()
        yield opened


@pytest.mark.parametrize(
    "table",
    [
        "raw.customers",
        "staging.customers",
        "intermediate.customers",
        "quarantine.customers",
        "analytics.customers",
        "marts.retention_by_person",
        "marts.scorecard",
        "concord.publications",
    ],
)
def test_the_role_is_refused_everything_but_what_is_published(
    site: MetabaseSite, table: str
) -> None:
    with site.as_reader() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select * from {table} limit 1")


@pytest.mark.parametrize(
    ("table", "column"),
    [("retention_by_person", "person_id"), ("mentions", "person_id"), ("mentions", "text")],
)
def test_the_role_is_refused_a_column_that_leads_to_a_person(
    site: MetabaseSite, table: str, column: str
) -> None:
    assert site.query(f"select {column} from published.{table} limit 1")
    with site.as_reader() as connection:
        for statement in (
            f"select {column} from published.{table} limit 1",
            f"select * from published.{table} limit 1",
            f"select count(distinct {column}) from published.{table}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from published.scorecard",
        "insert into published.scorecard (metric_id) values ('mine')",
        "update published.scorecard set value = 0",
        "create table published.mine (a int)",
        "create schema mine",
        "create role mine",
        "set default_transaction_read_only = off; delete from published.scorecard",
    ],
)
def test_the_role_writes_nothing(site: MetabaseSite, statement: str) -> None:
    with (
        site.as_reader() as connection,
        pytest.raises(
            (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
        ),
    ):
        connection.execute(statement)


def test_the_role_sees_all_that_the_questions_need(site: MetabaseSite) -> None:
    with site.as_reader() as connection:
        for table, columns in site.facts.readable.items():
            names = ", ".join(columns)
            connection.execute(f"select {names} from published.{table} limit 1")
        assert connection.execute("select count(*) from published.scorecard").fetchone() != (0,)


def test_what_metabase_finds_in_the_warehouse_names_no_person(site: MetabaseSite) -> None:
    with site.as_reader() as connection:
        found = connection.execute("select column_name from information_schema.columns").fetchall()
    fields = {name for (name,) in found}
    assert "metric_id" in fields
    assert not fields & WITHHELD


def test_a_column_that_comes_later_is_seen_only_after_the_next_publication_and_never_if_withheld(
    database_url: str,
) -> None:
    with open_metabase(database_url) as site:
        site.publish()
        site.query("alter table published.scorecard add column note text")
        site.query("alter table published.scorecard add column email text")
        with site.as_reader() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select note from published.scorecard limit 1")
        site.publish()
        with site.as_reader() as connection:
            connection.execute("select note from published.scorecard limit 1")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select email from published.scorecard limit 1")


def test_a_role_that_somebody_let_into_more_is_not_handed_out(database_url: str) -> None:
    with open_metabase(database_url) as site:
        site.publish()
        site.query("create schema secrets; grant usage on schema secrets to public")
        with pytest.raises(ReaderNotMade, match="may also enter secrets"):
            site.publish()


def test_an_account_that_may_not_make_roles_is_shown_what_to_ask_for(
    server_url: str, database_url: str
) -> None:
    with open_metabase(database_url) as site:
        site.query("create role plain login password 'plain'")
        try:
            with pytest.raises(ReaderNotMade, match="createrole"):
                reader.make(
                    psycopg.conninfo.make_conninfo(database_url, user="plain", password="plain"),
                    PASSWORD,
                )
        finally:
            site.query("drop role plain")


def test_the_roles_password_never_reaches_the_servers_log_or_metabases_answers(
    site: MetabaseSite,
) -> None:
    (stored,) = site.query("select rolpassword from pg_authid where rolname = %s", (reader.ROLE,))[
        0
    ]
    assert stored.startswith("SCRAM-SHA-256$")
    assert PASSWORD not in json.dumps(site.fake.databases)


def test_groups_see_their_own_and_everybody_else_nothing(site: MetabaseSite) -> None:
    graph = site.fake.collection_graph["groups"]
    groups = {each["name"]: str(each["id"]) for each in site.fake.groups.values()}
    folders = {each["name"]: str(each["id"]) for each in site.fake.collections.values()}
    named = ("Concord", "Scorecard questions", "Marketing", "Customer Service")
    rights = {
        group: [graph.get(groups[group], {}).get(folders[each], "none") for each in named]
        for group in ("Executives", "Marketing", "Customer Service", "Data engineers", "All Users")
    }
    assert rights == {
        "Executives": ["read", "read", "read", "read"],
        "Marketing": ["read", "read", "read", "none"],
        "Customer Service": ["read", "read", "none", "read"],
        "Data engineers": ["write", "write", "write", "write"],
        "All Users": ["none", "none", "none", "none"],
    }


def test_only_those_who_may_ask_beyond_the_published_can(site: MetabaseSite) -> None:
    graph = site.fake.permissions_graph["groups"]
    groups = {each["name"]: str(each["id"]) for each in site.fake.groups.values()}
    (database,) = site.fake.databases
    asked = {
        name: graph[at][str(database)]["create-queries"]
        for name, at in groups.items()
        if name != "Administrators"
    }
    assert asked == {
        "All Users": "no",
        "Executives": "no",
        "Marketing": "query-builder",
        "Customer Service": "query-builder",
        "Data engineers": "query-builder-and-native",
    }


def test_rights_that_a_person_gave_in_our_collections_are_taken_back_and_reported(
    database_url: str,
) -> None:
    with open_metabase(database_url) as site:
        site.publish()
        groups = {each["name"]: str(each["id"]) for each in site.fake.groups.values()}
        folders = {each["name"]: str(each["id"]) for each in site.fake.collections.values()}
        own = site.fake.collection_graph["groups"][groups["Marketing"]]
        own[folders["Customer Service"]] = "read"
        own["root"] = "read"
        reported = ["overwrite permissions 'collection': Marketing on customer_service"]
        assert [str(each) for each in site.publish().report.actions] == reported
        own = site.fake.collection_graph["groups"][groups["Marketing"]]
        assert own[folders["Customer Service"]] == "none" and own["root"] == "read"


def test_a_view_shows_its_columns_and_neither_a_person_nor_what_it_reads(
    database_url: str,
) -> None:
    """A view reads with its owner's rights: the role needs nothing of the tables beneath."""
    with open_metabase(database_url) as site:
        site.query(
            "create schema if not exists beneath;"
            "create table beneath.people as select 'ann' as person_id, 'web' as channel;"
            "create view published.people as select * from beneath.people"
        )
        site.publish()
        with site.as_reader() as connection:
            assert connection.execute("select channel from published.people").fetchall() == [
                ("web",)
            ]
            for refused in ("person_id from published.people", "channel from beneath.people"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"select {refused}")

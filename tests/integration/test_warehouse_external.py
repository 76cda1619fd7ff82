"""A warehouse by URL: a second, separately started server, fit for use or refused plainly."""

import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from orchestration.warehouse import (
    AccessError,
    EmbeddedPostgres,
    UnreachableError,
    UrlError,
    Warehouse,
    open_warehouse,
)
from tests.fixtures.databases import open_database

pytestmark = pytest.mark.postgres

PASSWORD = "p@ss/wörd%"
ENCODED = "p%40ss%2Fw%C3%B6rd%25"

Login = Callable[[str], str]


@pytest.fixture(scope="module")
def external_url(shared_workspace: Path) -> Iterator[str]:
    """Give the URL of a database that the tested workspace knows nothing of."""
    server = EmbeddedPostgres(shared_workspace)
    server.start()
    with open_database(server.administrator_url(), "external") as url:
        yield url


@pytest.fixture
def login(external_url: str) -> Iterator[Login]:
    """Give a function that makes a role with a difficult password and returns its URL."""
    role = sql.Identifier("visitor")
    with psycopg.connect(external_url, autocommit=True) as admin:

        def create(rights: str) -> str:
            admin.execute(
                sql.SQL("create role {} login password {}").format(role, sql.Literal(PASSWORD))
            )
            admin.execute(sql.SQL(rights).format(role=role))
            return with_login(external_url, f"visitor:{ENCODED}")

        yield create
        admin.execute(sql.SQL("drop owned by {}").format(role))
        admin.execute(sql.SQL("drop role {}").format(role))


def with_login(url: str, login: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.hostname}:{parts.port}"))


def assert_no_secret(error: pytest.ExceptionInfo[BaseException]) -> None:
    shown = "".join(traceback.format_exception(error.value))
    assert PASSWORD not in shown
    assert ENCODED not in shown


def test_a_server_by_url_is_used_and_nothing_is_started(external_url: str, workspace: Path):
    assert open_warehouse(workspace, external_url) == Warehouse(external_url, is_embedded=False)
    assert list(workspace.iterdir()) == []


def test_without_a_url_the_workspace_gets_its_own_server(shared_workspace: Path, external_url: str):
    own = EmbeddedPostgres(shared_workspace).url()
    assert open_warehouse(shared_workspace, None) == Warehouse(own, is_embedded=True)


def test_a_role_that_may_create_schemas_is_enough(login: Login, workspace: Path):
    url = login("grant create on database external to {role}")
    with psycopg.connect(open_warehouse(workspace, url).url) as connection:
        connection.execute("create schema made_by_visitor")


def test_a_role_that_may_not_create_schemas_is_shown_what_to_grant(login: Login, workspace: Path):
    url = login("grant connect on database external to {role}")
    with pytest.raises(
        AccessError, match='grant create on database "external" to "visitor"'
    ) as error:
        open_warehouse(workspace, url)
    assert_no_secret(error)


def test_a_read_only_database_is_refused(login: Login, workspace: Path):
    url = login("alter role {role} set default_transaction_read_only = on")
    with pytest.raises(AccessError, match="can only be read"):
        open_warehouse(workspace, url)


def test_a_wrong_password_is_said_but_not_shown(login: Login, workspace: Path):
    url = login("alter role {role} password 'another'")
    with pytest.raises(UnreachableError, match="password authentication failed") as error:
        open_warehouse(workspace, url)
    assert_no_secret(error)


@pytest.mark.parametrize("address", ["visitor:p%20ss@", "visitor:weak@secret@", "d%C3%A9"])
def test_what_not_every_component_reads_alike_is_refused_and_not_shown(
    address: str, workspace: Path
):
    login, database = (address, "concord") if "@" in address else ("visitor:weak@", address)
    with pytest.raises(UrlError) as error:
        open_warehouse(workspace, f"postgresql://{login}127.0.0.1:1/{database}")
    assert not any(secret in str(error.value) for secret in ("p%20ss", "weak", "secret"))


def test_a_server_that_does_not_answer_is_named(workspace: Path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"postgresql://visitor:{ENCODED}@127.0.0.1:{port}/concord"
        with pytest.raises(UnreachableError, match=f"127.0.0.1:{port}/concord") as error:
            open_warehouse(workspace, url)
    assert_no_secret(error)


def test_a_missing_database_is_named(external_url: str, workspace: Path):
    url = external_url.removesuffix("external") + "elsewhere"
    with pytest.raises(UnreachableError, match='database "elsewhere" does not exist'):
        open_warehouse(workspace, url)


def test_a_database_in_another_encoding_is_refused(external_url: str, workspace: Path):
    with psycopg.connect(external_url, autocommit=True) as admin:
        admin.execute(
            "create database latin encoding 'LATIN1' locale_provider libc locale 'C' "
            "template template0"
        )
    with pytest.raises(AccessError, match="LATIN1"):
        open_warehouse(workspace, external_url.removesuffix("external") + "latin")

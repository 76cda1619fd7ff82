"""Fixtures that every suite shares: one server for the run, one fresh database per test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from orchestration.warehouse import EmbeddedPostgres
from tests.fixtures.databases import Copied, Fill, Templates, open_database


class FailuresAtOnce:
    """Prints a line for each failure when it happens: the whole run is long, and may be cut off."""

    def __init__(self, terminal: pytest.TerminalReporter):
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print where a test failed, and the message of what it raised."""
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = crash.message if crash else report.longreprtext
            self._terminal.write_line(f"\nFAILED {report.nodeid} ({report.when}): {why[:1000]}")


@pytest.hookimpl(trylast=True)  # after the terminal's own
def pytest_configure(config: pytest.Config) -> None:
    """Register what this suite adds to pytest."""
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal and not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(terminal))


@contextmanager
def _temporary_workspace() -> Iterator[Path]:
    # Not below pytest's own folder: a second pytest closes that to PostgreSQL's account.
    path = Path(tempfile.mkdtemp(prefix="concord-test-"))
    try:
        yield path
    finally:
        EmbeddedPostgres(path).stop()
        shutil.rmtree(path)


@pytest.fixture
def workspace() -> Iterator[Path]:
    """Give an empty workspace; a server started in it is stopped after the test."""
    with _temporary_workspace() as path:
        yield path


@pytest.fixture(scope="module")
def shared_workspace() -> Iterator[Path]:
    """Give a workspace that the tests of one module share, server and all."""
    with _temporary_workspace() as path:
        yield path


@pytest.fixture
def server(shared_workspace: Path) -> Iterator[EmbeddedPostgres]:
    """Give the module's own server, running; a test may break it, if it comes back with its row."""
    server = EmbeddedPostgres(shared_workspace)
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("create table if not exists kept as select 1 as row")
    yield server
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select row from kept").fetchall() == [(1,)]


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Give the URL of a running PostgreSQL: the one named in the environment, or our own."""
    if url := os.environ.get("CONCORD_TEST_SERVER_URL"):
        yield url
        return
    with _temporary_workspace() as path:
        server = EmbeddedPostgres(path)
        server.start()
        url = server.administrator_url()
        _log_in_fast(url)
        yield url


def _log_in_fast(url: str) -> None:
    """Let the server check the password's hash in one round: dbt logs in anew for each model."""
    change = sql.SQL("alter role current_user password {}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set scram_iterations = 1")
        connection.execute(change.format(sql.Literal(urlsplit(url).password)))


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """Give the URL of a new, empty database, dropped after the test."""
    with open_database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def templates(server_url: str) -> Iterator[Templates]:
    """Give the databases that tests copy."""
    with ExitStack() as opened:
        yield Templates(server_url, opened)


@pytest.fixture
def copied(templates: Templates) -> Iterator[Copied]:
    """Give a function that returns the URL of a database as `fill` leaves an empty one.

    `fill` runs once for all tests that name it; each gets a copy, dropped after the test.
    """
    with ExitStack() as copies:

        def copy(fill: Fill) -> str:
            name = templates.filled_by(fill)
            return copies.enter_context(open_database(templates.server_url, template=name))

        yield copy


@pytest.fixture(scope="module")
def module_database_url(server_url: str) -> Iterator[str]:
    """Give the URL of a database that the tests of one module share."""
    with open_database(server_url) as url:
        yield url

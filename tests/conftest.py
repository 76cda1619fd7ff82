"""Fixtures that every suite shares: one server for the run, one fresh database per test."""

import os
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of a running PostgreSQL: the one named in the environment, or our own."""
    if url := os.environ.get("CONCORD_TEST_SERVER_URL"):
        yield url
        return
    from orchestration.warehouse import EmbeddedPostgres  # noqa: PLC0415

    server = EmbeddedPostgres(tmp_path_factory.mktemp("warehouse"))
    yield server.start()
    server.stop()


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """Give the URL of a new, empty database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

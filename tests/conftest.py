"""Fixtures that every suite shares: one server for the run, one fresh database per test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from orchestration.warehouse import EmbeddedPostgres


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Give the URL of a running PostgreSQL: the one named in the environment, or our own."""
    if url := os.environ.get("CONCORD_TEST_SERVER_URL"):
        yield url
        return
    # Not below pytest's own folder: a second pytest closes that to PostgreSQL's account.
    workspace = Path(tempfile.mkdtemp(prefix="concord-test-"))
    server = EmbeddedPostgres(workspace)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(workspace)


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """Give the URL of a new, empty database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

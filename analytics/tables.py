"""The tables that analytics writes: how they are made, and replaced by what a run computed."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "analytics"


def prepare(url: str, tables: str) -> None:
    """Make tables by their statements; two processes may do so at once."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('analytics'))")
        connection.execute(f"create schema if not exists {SCHEMA}; {tables}")


def replace(connection: psycopg.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write all rows of a table anew, and let the planner know: the next model joins them."""
    name = sql.Identifier(SCHEMA, table)
    connection.execute(sql.SQL("delete from {}").format(name))
    with connection.cursor().copy(sql.SQL("copy {} from stdin").format(name)) as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(sql.SQL("analyze {}").format(name))

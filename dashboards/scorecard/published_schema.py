"""The schema `published` as a whole: every table and view of `marts` under its own name.

Tables are copied; views are made again, over the copies. What has left `marts` leaves
`published`. Columns and rows of one table belong to `published_tables`.
"""

import psycopg
from psycopg import sql

from dashboards.scorecard import ledgers
from dashboards.scorecard.published_tables import SOURCE, TARGET, columns_of, refresh, reshape


def publish_marts(connection: psycopg.Connection) -> dict[str, int]:
    """Make `published` equal to `marts`; return how many rows of each table were written."""
    tables = _relations(connection, SOURCE, "r")
    if not _has_the_shape_of_marts(connection, tables):
        _reshape(connection, tables)
    return {table: refresh(connection, table) for table in tables}


def _has_the_shape_of_marts(connection: psycopg.Connection, tables: list[str]) -> bool:
    # To change a table or a view waits for every reader: it is done only where it must be.
    return (
        set(tables) == set(_relations(connection, TARGET, "r"))
        and all(
            columns_of(connection, SOURCE, table) == columns_of(connection, TARGET, table)
            for table in tables
        )
        and _views(connection, SOURCE) == _views(connection, TARGET)
    )


def _reshape(connection: psycopg.Connection, tables: list[str]) -> None:
    """Drop the views, which hold the tables' columns fast, reshape the tables, make the views."""
    for view in reversed(_views(connection, TARGET)):
        _drop(connection, "view", view)
    for table in set(_relations(connection, TARGET, "r")) - set(tables):
        _drop(connection, "table", table)
    for table in tables:
        reshape(connection, table)
    for view, definition in _views(connection, SOURCE).items():
        _make_view(connection, view, definition)


def _relations(connection: psycopg.Connection, schema: str, kind: str) -> list[str]:
    """Name the schema's tables ('r') or views ('v'), older ones first."""
    rows = connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind = %s"
        " order by oid",
        (schema, kind),
    )
    return [row[0] for row in rows]


def _views(connection: psycopg.Connection, schema: str) -> dict[str, str]:
    """Return the definitions of a schema's views; relations of the schema are named without it."""
    _look_in(connection, schema)
    rows = connection.execute(
        "select relname, pg_get_viewdef(oid) from pg_class"
        " where relnamespace = to_regnamespace(%s) and relkind = 'v' order by oid",
        (schema,),
    )
    return {name: definition for name, definition in rows if name not in ledgers.VIEWS}


def _make_view(connection: psycopg.Connection, view: str, definition: str) -> None:
    """Make a view over what is published; ValueError if it would read anything else."""
    _look_in(connection, TARGET)
    create = sql.SQL("create view {} as {}")
    connection.execute(create.format(sql.Identifier(TARGET, view), sql.SQL(definition)))
    read = connection.execute(
        "select distinct read.oid::regclass::text from pg_rewrite as rule"
        " join pg_depend as needs on needs.objid = rule.oid and needs.refclassid = %s::regclass"
        " join pg_class as read on read.oid = needs.refobjid"
        " where rule.ev_class = %s::regclass and read.relnamespace <> to_regnamespace(%s)",
        ("pg_class", f"{TARGET}.{view}", TARGET),
    ).fetchall()
    if read:
        named = ", ".join(row[0] for row in read)
        raise ValueError(f"{SOURCE}.{view} reads {named}: a view there may read {SOURCE} only")


def _look_in(connection: psycopg.Connection, schema: str) -> None:
    connection.execute("select set_config('search_path', %s, true)", (schema,))


def _drop(connection: psycopg.Connection, kind: str, name: str) -> None:
    connection.execute(sql.SQL(f"drop {kind} {{}}").format(sql.Identifier(TARGET, name)))

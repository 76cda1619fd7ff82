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
    tables = list(_relations(connection, SOURCE, "r"))
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
        and _relations(connection, SOURCE, "v") == _relations(connection, TARGET, "v")
    )


def _reshape(connection: psycopg.Connection, tables: list[str]) -> None:
    """Drop the views, which hold the tables' columns fast, reshape the tables, make the views."""
    for view in reversed(_relations(connection, TARGET, "v")):
        _drop(connection, "view", view)
    for table in _relations(connection, TARGET, "r").keys() - set(tables):
        _drop(connection, "table", table)
    for table in tables:
        reshape(connection, table)
    for view, definition in _relations(connection, SOURCE, "v").items():
        _make_view(connection, view, definition)


def _relations(connection: psycopg.Connection, schema: str, kind: str) -> dict[str, str]:
    """Return a schema's tables ('r') or views ('v', with definitions), older ones first.

    Of `published` only those that a publication made. Definitions name relations of the schema
    without it.
    """
    _look_in(connection, schema)
    rows = connection.execute(
        "select relname, case relkind when 'v' then pg_get_viewdef(oid) else '' end from pg_class"
        " where relnamespace = to_regnamespace(%s) and relkind = %s"
        " and (%s or pg_get_userbyid(relowner) = current_user) order by oid",
        (schema, kind, schema == SOURCE),
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

"""Makes a warehouse ready for loads: a new one, or one of an earlier version.

An earlier version had a schema of raw tables for each kind of source, and staging views with the
contract's columns upon them. What the tables are made of belongs to schema.py.
"""

import psycopg
from psycopg import sql

from ingestion.contract import ENTITIES, Entity
from ingestion.contract.shapes import SQL_TYPES
from ingestion.loading import schema

# Two commands may prepare at once, and "if not exists" alone then fails in the catalogue.
PREPARE_LOCK = 7_302_001

START_OVER = """
delete from concord.source_state;
delete from concord.loads;
delete from quarantine.rejected_rows;
delete from quarantine.emptied_values;
"""

EARLIER_KINDS = ("files", "mastodon")

COPY = """
insert into {raw} ({columns}, source_name, loaded_at, row_hash)
select {columns}, source_name, loaded_at, {hash}
from (select {values}, source_name, loaded_at from {view}) as earlier
on conflict do nothing
"""


def prepare(url: str) -> None:
    """Make every schema and table that ingestion writes to, and columns new in the contract.

    Where there are no raw tables (dropped by hand, or the warehouse is of an earlier version), the
    ledgers are about rows that are not there: they are emptied, so that the next load of each
    source brings everything again. Rows that an earlier version loaded are kept, since a source
    may have them no longer: its files were deleted, or it counts followers of today only.
    """
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (PREPARE_LOCK,))
        connection.execute("set local client_min_messages = warning")
        had_tables = _has_raw_tables(connection)
        schema.create(connection)
        if not had_tables:
            connection.execute(START_OVER)
            _take_over_earlier_rows(connection)


def _has_raw_tables(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "select exists (select from pg_tables where schemaname = 'raw' and tablename = any(%s))",
        (list(ENTITIES),),
    ).fetchone()
    return bool(row and row[0])


def _take_over_earlier_rows(connection: psycopg.Connection) -> None:
    """Copy what the earlier staging views show, and drop their schemas with all upon them."""
    for kind in EARLIER_KINDS:
        for entity in ENTITIES.values():
            _copy(connection, entity, f"stg_{kind}__{entity.name}")
        drop = sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(f"raw_{kind}"))
        connection.execute(drop)


def _copy(connection: psycopg.Connection, entity: Entity, view: str) -> None:
    """Copy the rows of a view, if there is one; `loaded_at` stays, as their content does."""
    rows = connection.execute(
        "select column_name from information_schema.columns"
        " where table_schema = 'staging' and table_name = %s",
        (view,),
    )
    present = {name for (name,) in rows}
    if not present:
        return
    values = [
        sql.Identifier(column.name)
        if column.name in present
        else sql.SQL("cast(null as {}) as {}").format(
            sql.SQL(SQL_TYPES[column.type]), sql.Identifier(column.name)
        )
        for column in entity.columns
    ]
    statement = sql.SQL(COPY).format(
        raw=schema.raw_table(entity),
        view=sql.Identifier("staging", view),
        columns=sql.SQL(", ").join(map(sql.Identifier, entity.column_names)),
        values=sql.SQL(", ").join(values),
        hash=schema.row_hash(entity),
    )
    connection.execute(statement)

"""The tables that ingestion owns in the warehouse, and how they come to exist.

Raw tables follow the contract and the sources' `TABLES`; the ledgers are written out here.
Nothing here moves rows.
"""

import psycopg
from psycopg import sql

from ingestion.contract import Entity, Type
from ingestion.sources import KINDS, tables

SQL_TYPES: dict[Type, str] = {
    Type.TEXT: "text",
    Type.INTEGER: "bigint",
    Type.DECIMAL: "numeric",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.TIMESTAMP: "timestamptz",
}

OWN_COLUMNS = {
    "source_name": "text not null",
    "loaded_at": "timestamptz not null",
    "load_id": "text not null",
    "row_hash": "text not null",
}

LEDGERS = """
create schema if not exists concord;
create schema if not exists quarantine;
create table if not exists concord.loads (
    load_id text not null,
    source_name text not null,
    kind text not null,
    entity text not null,
    file text not null,
    received bigint not null,
    loaded bigint not null,
    quarantined bigint not null,
    inserted bigint not null,
    updated bigint not null,
    unchanged bigint not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    primary key (load_id, entity, file),
    check (received = loaded + quarantined)
);
alter table concord.loads add column if not exists is_append boolean not null default false;
create index if not exists loads_latest on concord.loads (source_name, entity, finished_at);
create table if not exists concord.source_state (
    source_name text primary key,
    state jsonb not null,
    updated_at timestamptz not null
);
create table if not exists quarantine.rejected_rows (
    source_name text not null,
    entity text not null,
    file text not null,
    line bigint,
    field text not null,
    reason text not null,
    original text not null,
    load_id text not null,
    rejected_at timestamptz not null
);
create index if not exists rejected_rows_file
    on quarantine.rejected_rows (source_name, entity, file);
"""

# Two commands may prepare at once, and "if not exists" alone then fails in the catalogue.
PREPARE_LOCK = 7_302_001


def prepare(url: str) -> None:
    """Make every schema and table that ingestion writes to, and columns new in the contract."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (PREPARE_LOCK,))
        connection.execute("set local client_min_messages = warning")
        connection.execute(LEDGERS)
        for kind in KINDS:
            _prepare_kind(connection, kind)


def raw_table(kind: str, table: str) -> sql.Identifier:
    """Name the raw table of a kind of source."""
    return sql.Identifier(f"raw_{kind}", table)


def _prepare_kind(connection: psycopg.Connection, kind: str) -> None:
    schema = sql.Identifier(f"raw_{kind}")
    connection.execute(sql.SQL("create schema if not exists {}").format(schema))
    for table in tables(kind):
        connection.execute(_create(kind, table))
        connection.execute(_add_columns(kind, table))
        connection.execute(
            sql.SQL("create index if not exists {} on {} using brin (loaded_at)").format(
                sql.Identifier(f"{table.name}_loaded_at"), raw_table(kind, table.name)
            )
        )


def _create(kind: str, table: Entity) -> sql.Composed:
    key = [sql.Identifier(name) for name in ("source_name", *table.key)]
    return sql.SQL("create table if not exists {} ({}, constraint {} primary key ({}))").format(
        raw_table(kind, table.name),
        sql.SQL(", ").join(_definitions(table)),
        sql.Identifier(f"{table.name}_pkey"),
        sql.SQL(", ").join(key),
    )


def _add_columns(kind: str, table: Entity) -> sql.Composed:
    added = [sql.SQL("add column if not exists ") + each for each in _definitions(table)]
    return sql.SQL("alter table {} {}").format(
        raw_table(kind, table.name), sql.SQL(", ").join(added)
    )


def _definitions(table: Entity) -> list[sql.Composed]:
    types = {column.name: SQL_TYPES[column.type] for column in table.columns} | OWN_COLUMNS
    return [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_))
        for name, type_ in types.items()
    ]

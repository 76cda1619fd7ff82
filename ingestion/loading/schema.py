"""The tables that ingestion owns in the warehouse.

The tables of `raw` follow the contract, one an entity, for every kind of source; the ledgers are
written out here. When they are made belongs to preparation.py; nothing here moves rows.
"""

from collections.abc import Iterable
from typing import LiteralString

import psycopg
from psycopg import sql

from ingestion.contract import ENTITIES, Entity
from ingestion.contract.shapes import SQL_TYPES

# A text is hashed once, when it is loaded: scores of texts are kept by this hash.
HASHED = "text generated always as (case when trim({0}) <> '' then md5({0}) end) stored"

# The section of the source that a row came by is unknown where an earlier version loaded it.
OWN_COLUMNS = {
    "source_name": "text not null",
    "loaded_at": "timestamptz not null",
    "row_hash": "bigint not null",
    "section": "text",
}

COLUMNS = """
select table_schema, table_name, column_name
from information_schema.columns
where table_schema in ('concord', 'quarantine', 'raw')
"""

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
    primary key (load_id, entity, file, finished_at)
);
alter table concord.loads
    add column if not exists is_append boolean not null default false,
    add column if not exists folded bigint not null default 0,
    add column if not exists filtered bigint not null default 0,
    add column if not exists overwritten bigint not null default 0,
    add column if not exists removed bigint not null default 0;
-- An earlier version counted what was folded as loaded.
alter table concord.loads drop constraint if exists loads_check;
update concord.loads
set folded = loaded - inserted - updated - unchanged, loaded = inserted + updated + unchanged
where loaded > inserted + updated + unchanged;
alter table concord.loads
    add constraint loads_check check (received = loaded + folded + quarantined + filtered);
-- A load may have several pieces, with the same parts.
alter table concord.loads
    drop constraint loads_pkey, add primary key (load_id, entity, file, finished_at);
create index if not exists loads_latest on concord.loads (source_name, entity, finished_at);
create table if not exists concord.source_state (
    source_name text primary key,
    state jsonb not null,
    updated_at timestamptz not null
);
alter table concord.source_state
    add column if not exists is_reset boolean not null default false,
    add column if not exists accepts_loss boolean not null default false,
    add column if not exists load_id text;
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
alter table quarantine.rejected_rows
    add column if not exists column_name text not null default '',
    add column if not exists value text,
    add column if not exists is_file boolean not null default false;
create index if not exists rejected_rows_file
    on quarantine.rejected_rows (source_name, entity, file);
create table if not exists quarantine.emptied_values (
    source_name text not null,
    entity text not null,
    file text not null,
    field text not null,
    reason text not null,
    emptied bigint not null,
    line bigint,
    original text not null,
    load_id text not null,
    emptied_at timestamptz not null
);
"""

# The newest column of each ledger: a warehouse that has these has the ledgers as they are above.
LEDGER_COLUMNS = {
    ("concord", "loads", "removed"),
    ("concord", "source_state", "load_id"),
    ("quarantine", "rejected_rows", "is_file"),
    ("quarantine", "emptied_values", "emptied_at"),
}


def create(connection: psycopg.Connection) -> None:
    """Make every schema and table that isn't there yet, and columns that are new.

    What is there isn't touched: even "if not exists" locks a table, and a load that is on would be
    waited for, or end in a deadlock.
    """
    present = set(connection.execute(COLUMNS).fetchall())
    if not present >= LEDGER_COLUMNS:
        connection.execute(LEDGERS)
    connection.execute("create schema if not exists raw")
    for entity in ENTITIES.values():
        defined = _definitions(entity)
        missing = [defined[name] for name in defined if ("raw", entity.name, name) not in present]
        if len(missing) == len(defined):
            connection.execute(_create(entity))
            connection.execute(_index_of_loads(entity))
        elif missing:
            connection.execute(_add_columns(entity, missing))


def raw_table(entity: Entity) -> sql.Identifier:
    """Name the raw table of an entity."""
    return sql.Identifier("raw", entity.name)


def primary_key(entity: Entity) -> sql.Composed:
    """Return the constraint that makes a row of a source the same row again."""
    columns = [sql.Identifier(name) for name in ("source_name", *entity.key)]
    return sql.SQL("constraint {} primary key ({})").format(
        primary_key_name(entity), sql.SQL(", ").join(columns)
    )


def primary_key_name(entity: Entity) -> sql.Identifier:
    return sql.Identifier(f"{entity.name}_pkey")


def same(names: Iterable[str], equal: LiteralString) -> sql.Composed:
    """Return the condition that two tables agree in columns: `equal` is "a.{0} = b.{0}"."""
    return sql.SQL(" and ").join(sql.SQL(equal).format(sql.Identifier(name)) for name in names)


def row_hash(entity: Entity, *table: str) -> sql.Composed:
    """Hash a row's values in 64 bits, not their text, which would take three times as long."""
    names = sql.SQL(", ").join(sql.Identifier(*table, name) for name in entity.column_names)
    return sql.SQL("hash_record_extended(row({}), 0)").format(names)


def _create(entity: Entity) -> sql.Composed:
    return sql.SQL("create table {} ({}, {})").format(
        raw_table(entity), sql.SQL(", ").join(_definitions(entity).values()), primary_key(entity)
    )


def _add_columns(entity: Entity, definitions: Iterable[sql.Composed]) -> sql.Composed:
    added = [sql.SQL("add column ") + each for each in definitions]
    return sql.SQL("alter table {} {}").format(raw_table(entity), sql.SQL(", ").join(added))


def _index_of_loads(entity: Entity) -> sql.Composed:
    """Find what is new, as gate 1 asks: rows are stored in the order in which they are loaded."""
    return sql.SQL("create index {} on {} using brin (loaded_at)").format(
        sql.Identifier(f"{entity.name}_loaded_at"), raw_table(entity)
    )


def _definitions(entity: Entity) -> dict[str, sql.Composed]:
    """Return the definition of each column of an entity's raw table."""
    types = {column.name: sql.SQL(SQL_TYPES[column.type]) for column in entity.columns}
    hashes = {
        column.hash_name: sql.SQL(HASHED).format(sql.Identifier(column.name))
        for column in entity.columns
        if column.is_hashed
    }
    own = {name: sql.SQL(type_) for name, type_ in OWN_COLUMNS.items()}
    return {
        name: sql.SQL("{} {}").format(sql.Identifier(name), type_)
        for name, type_ in {**types, **hashes, **own}.items()
    }

"""Landed rows into raw tables, in one statement a table.

A row moves only when its content differs, so `loaded_at` tells what is new. Of rows with
the same key in one load, the last row of the last file wins. Everything runs in the
caller's transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import sql

from ingestion.contract import Column, Entity, Type
from ingestion.warehouse_schema import raw_table

ROW = "_row"
FILE = "_file"


@dataclass(frozen=True)
class Load:
    """Which load is being merged, from which landing."""

    load_id: str
    source_name: str
    kind: str
    landing: str
    loaded_at: datetime


@dataclass
class Moved:
    """How many rows of one file were inserted, updated and left unchanged."""

    counts: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, move: str) -> int:
        return self.counts.get(move, 0)


def merge(connection: psycopg.Connection, load: Load, table: Entity) -> dict[int, Moved]:
    """Merge one landed table; return what moved by number of the file."""
    if _is_empty(connection, load, table):
        moved = _fill(connection, load, table)
    else:
        _keep_last(connection, load, table)
        if not _is_empty(connection, load, table, "where source_name = %(source)s"):
            return _insert_or_update(connection, load, table)
        moved = _insert_all(connection, load, table)
    _refresh_statistics(connection, load, table)
    return moved


def landed_counts(connection: psycopg.Connection, load: Load, table: str) -> dict[int, int]:
    """Count the landed rows by number of the file."""
    statement = sql.SQL("select {file}, count(*) from {landed} group by {file}").format(
        file=sql.Identifier(FILE), landed=sql.Identifier(load.landing, table)
    )
    return dict(connection.execute(statement).fetchall())


def _refresh_statistics(connection: psycopg.Connection, load: Load, table: Entity) -> None:
    """Let the planner know a table that was just filled: the models read it at once.

    Of one that it has never looked at, PostgreSQL takes thousands of rows for one, and compares
    each with each (measured: a minute instead of a tenth of a second).
    """
    connection.execute(sql.SQL("analyze {}").format(raw_table(load.kind, table.name)))


def _is_empty(
    connection: psycopg.Connection, load: Load, table: Entity, condition: LiteralString = ""
) -> bool:
    statement = sql.SQL("select not exists (select from {} {})").format(
        raw_table(load.kind, table.name), sql.SQL(condition)
    )
    row = connection.execute(statement, _values(load)).fetchone()
    return bool(row and row[0])


KEEP_LAST = """
delete from {landed} as landed
using (
    select {key}, max(_row) as _last from {landed} group by {key} having count(*) > 1
) as repeated
where {same_landed_key} and landed._row < repeated._last
"""

INSERT = """
insert into {raw} ({columns}, source_name, loaded_at, load_id, row_hash)
select {values}, %(source)s, %(loaded_at)s, %(load_id)s, {hash} from {landed}
"""


def _fill(connection: psycopg.Connection, load: Load, table: Entity) -> dict[int, Moved]:
    """Insert everything into an empty table.

    Most first loads repeat no key. So the key itself tells, and rows are only compared with
    each other if it refuses them.
    """
    try:
        with connection.transaction():
            return _insert_before_key(connection, load, table)
    except psycopg.errors.UniqueViolation:
        _keep_last(connection, load, table)
        return _insert_before_key(connection, load, table)


def _insert_before_key(
    connection: psycopg.Connection, load: Load, table: Entity
) -> dict[int, Moved]:
    """Insert everything, then make the key, which takes half the time.

    Truncating the empty table gives it a new file, which is synced at the end instead of being
    logged row by row, where the server's settings allow it.
    """
    parts = _parts(load, table)
    connection.execute(sql.SQL("truncate {raw}").format(**parts))
    connection.execute(sql.SQL("alter table {raw} drop constraint {pkey}").format(**parts))
    moved = _insert_all(connection, load, table)
    add = "alter table {raw} add constraint {pkey} primary key (source_name, {key})"
    connection.execute(sql.SQL(add).format(**parts))
    return moved


def _keep_last(connection: psycopg.Connection, load: Load, table: Entity) -> None:
    connection.execute(sql.SQL(KEEP_LAST).format(**_parts(load, table)))


def _insert_all(connection: psycopg.Connection, load: Load, table: Entity) -> dict[int, Moved]:
    connection.execute(sql.SQL(INSERT).format(**_parts(load, table)), _values(load))
    counts = landed_counts(connection, load, table.name)
    return {file: Moved({"inserted": count}) for file, count in counts.items()}


UPSERT = """
with incoming as (
    select {values}, _file, {hash} as row_hash
    from {landed}
),

compared as materialized (
    select
        {incoming_columns}, incoming._file, incoming.row_hash,
        case
            when raw.source_name is null then 'inserted'
            when raw.row_hash is distinct from incoming.row_hash then 'updated'
            else 'unchanged'
        end as _move
    from incoming
    left join {raw} as raw on raw.source_name = %(source)s and {same_key}
),

moved as (
    insert into {raw} as raw ({columns}, source_name, loaded_at, load_id, row_hash)
    select {columns}, %(source)s, %(loaded_at)s, %(load_id)s, row_hash
    from compared
    where _move <> 'unchanged'
    on conflict (source_name, {key}) do update set
        {updates}
    where raw.row_hash is distinct from excluded.row_hash
)

select _file, _move, count(*) from compared group by _file, _move
"""


def _insert_or_update(
    connection: psycopg.Connection, load: Load, table: Entity
) -> dict[int, Moved]:
    rows = connection.execute(sql.SQL(UPSERT).format(**_parts(load, table)), _values(load))
    moved: dict[int, Moved] = {}
    for file, move, count in rows:
        moved.setdefault(file, Moved()).counts[move] = count
    return moved


def _parts(load: Load, table: Entity) -> dict[str, sql.Composable]:
    names = [sql.Identifier(name) for name in table.column_names]
    key = [sql.Identifier(name) for name in table.key]
    own = [sql.Identifier(name) for name in ("loaded_at", "load_id", "row_hash")]
    comma = sql.SQL(", ")
    return {
        "raw": raw_table(load.kind, table.name),
        "landed": sql.Identifier(load.landing, table.name),
        "pkey": sql.Identifier(f"{table.name}_pkey"),
        "columns": comma.join(names),
        "values": comma.join(
            sql.SQL("{} as {}").format(_value(column), sql.Identifier(column.name))
            for column in table.columns
        ),
        "key": comma.join(key),
        "hash": _hash(table),
        "incoming_columns": comma.join(sql.SQL("incoming.{}").format(name) for name in names),
        "same_key": sql.SQL(" and ").join(
            sql.SQL("raw.{0} = incoming.{0}").format(name) for name in key
        ),
        "same_landed_key": sql.SQL(" and ").join(
            sql.SQL("landed.{0} = repeated.{0}").format(name) for name in key
        ),
        "updates": comma.join(
            sql.SQL("{0} = excluded.{0}").format(name) for name in [*names, *own]
        ),
    }


def _hash(table: Entity) -> sql.Composed:
    """Hash a row's values, in 64 bits and not over their text, which takes three times as long."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in table.column_names)
    return sql.SQL("to_hex(hash_record_extended(row({}), 0))").format(names)


def _value(column: Column) -> sql.Composed:
    """Select a landed column; all decimals land with nine places, most of them zeros."""
    expression = "trim_scale({})" if column.type is Type.DECIMAL else "{}"
    return sql.SQL(expression).format(sql.Identifier(column.name))


def _values(load: Load) -> dict[str, object]:
    return {
        "source": load.source_name,
        "loaded_at": load.loaded_at,
        "load_id": load.load_id,
    }

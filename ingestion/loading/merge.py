"""Landed rows into raw tables, in one statement a table.

A row is written only when its content differs, so `loaded_at` says what is new. Which of the rows
with one key stays belongs to repeats.py, which rows leave to removal.py. Everything runs in the
caller's transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import LiteralString

import psycopg
from psycopg import sql

from ingestion.contract import Column, Entity, Type
from ingestion.loading.landing import FILE, SECTION_NAME, Load
from ingestion.loading.repeats import keep_last
from ingestion.loading.schema import primary_key, primary_key_name, raw_table, row_hash, same


@dataclass(frozen=True)
class MergeCounts:
    """How many rows of one file were inserted, updated and left unchanged.

    `overwritten` ones were replaced by a later row of the file that has their key and other values.
    """

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    overwritten: int = 0


def merge(
    connection: psycopg.Connection,
    load: Load,
    entity: Entity,
    whole: Collection[str | None] = (),
) -> dict[int, MergeCounts]:
    """Merge one landed entity; return the counts by number of the file.

    The load has all rows of the `whole` sections (None: of all), which say nothing more of others.
    """
    is_first = _is_empty(connection, load, entity)
    if is_first:
        counts, overwritten = _fill(connection, load, entity)
    else:
        overwritten = keep_last(connection, load, entity)
        is_first = _is_empty(connection, load, entity, "where source_name = %(source)s")
        if is_first:
            counts = _insert_all(connection, load, entity)
        else:
            counts = _insert_or_update(connection, load, entity, whole)
    if is_first:
        _refresh_statistics(connection, entity)
    return {
        file: replace(counts.get(file, MergeCounts()), overwritten=overwritten.get(file, 0))
        for file in counts.keys() | overwritten.keys()
    }


def landed_counts(connection: psycopg.Connection, load: Load, entity: Entity) -> dict[int, int]:
    """Count the landed rows by number of the file."""
    statement = sql.SQL("select {file}, count(*) from {landed} group by {file}").format(
        file=sql.Identifier(FILE), landed=load.landing.table(entity.name)
    )
    return dict(connection.execute(statement).fetchall())


def withdraw(connection: psycopg.Connection, load: Load, table: str, number: int) -> None:
    """Take back what has landed of a file that turned out to be unreadable, by its number."""
    statement = sql.SQL("delete from {} where {} = %s")
    connection.execute(statement.format(load.landing.table(table), sql.Identifier(FILE)), (number,))


def _refresh_statistics(connection: psycopg.Connection, entity: Entity) -> None:
    """Gather the planner's statistics of a table that was just filled: models read it at once.

    Of one that it has never looked at, PostgreSQL takes thousands of rows for one, and compares
    each with each (measured: a minute instead of a tenth of a second).
    """
    connection.execute(sql.SQL("analyze {}").format(raw_table(entity)))


def _is_empty(
    connection: psycopg.Connection, load: Load, entity: Entity, condition: LiteralString = ""
) -> bool:
    statement = sql.SQL("select not exists (select from {} {})").format(
        raw_table(entity), sql.SQL(condition)
    )
    row = connection.execute(statement, load.values).fetchone()
    return bool(row and row[0])


INSERT = """
insert into {raw} ({columns}, source_name, loaded_at, row_hash, section)
select {values}, %(source)s, %(loaded_at)s, {hash}, {section} from {landed}
"""


def _fill(
    connection: psycopg.Connection, load: Load, entity: Entity
) -> tuple[dict[int, MergeCounts], dict[int, int]]:
    """Insert everything into an empty table.

    Most first loads repeat no key. So the key itself is asked, and rows are only compared with
    each other if it refuses them.
    """
    try:
        with connection.transaction():
            return _insert_before_key(connection, load, entity), {}
    except psycopg.errors.UniqueViolation:
        overwritten = keep_last(connection, load, entity)
        return _insert_before_key(connection, load, entity), overwritten


def _insert_before_key(
    connection: psycopg.Connection, load: Load, entity: Entity
) -> dict[int, MergeCounts]:
    """Insert everything, then make the key, which takes half the time.

    Truncating the empty table gives it a new file, which is synced at the end instead of being
    logged row by row, where the server's settings allow it.
    """
    parts = {
        "raw": raw_table(entity),
        "name": primary_key_name(entity),
        "key": primary_key(entity),
    }
    connection.execute(sql.SQL("truncate {raw}").format(**parts))
    connection.execute(sql.SQL("alter table {raw} drop constraint {name}").format(**parts))
    counts = _insert_all(connection, load, entity)
    connection.execute(sql.SQL("alter table {raw} add {key}").format(**parts))
    return counts


def _insert_all(
    connection: psycopg.Connection, load: Load, entity: Entity
) -> dict[int, MergeCounts]:
    connection.execute(sql.SQL(INSERT).format(**_parts(load, entity)), load.values)
    landed = landed_counts(connection, load, entity)
    return {file: MergeCounts(inserted=count) for file, count in landed.items()}


UPSERT = """
with incoming as (
    select {values}, _file, {hash} as row_hash, {section} as section
    from {landed}
),

compared as materialized (
    select
        {incoming_columns}, incoming._file, incoming.row_hash, incoming.section,
        raw.source_name is null as is_new,
        raw.row_hash = incoming.row_hash as is_same,
        raw.section is distinct from incoming.section as is_moved,
        {is_set_back} as is_set_back
    from incoming
    left join {raw} as raw on raw.source_name = %(source)s and {same_key}
),

written as (
    insert into {raw} as raw ({columns}, source_name, loaded_at, row_hash, section)
    select {columns}, %(source)s, %(loaded_at)s, row_hash, section
    from compared
    where is_same is not true and not is_set_back
    on conflict (source_name, {key}) do update set {updates}
),

moved as (
    update {raw} as raw
    set section = incoming.section
    from compared as incoming
    where incoming.is_same and incoming.is_moved and raw.source_name = %(source)s and {same_key}
)

select
    _file,
    count(*) filter (where is_new),
    count(*) filter (where not is_new and not is_same and not is_set_back),
    count(*) filter (where is_same or is_set_back)
from compared
group by _file
"""


# What another section read of a row that has come further: who clicked an e-mail opens it again.
SET_BACK = """
coalesce(
    raw.section <> incoming.section
    and raw.section <> all(cast(%(whole)s as text[]))
    and array_position({values}, incoming.{column}) < array_position({values}, raw.{column}),
    false
)
"""


def _insert_or_update(
    connection: psycopg.Connection, load: Load, entity: Entity, whole: Collection[str | None]
) -> dict[int, MergeCounts]:
    statement = sql.SQL(UPSERT).format(**_parts(load, entity))
    sections = None if None in whole else list(whole)
    rows = connection.execute(statement, {**load.values, "whole": sections})
    return {file: MergeCounts(*counts) for file, *counts in rows}


def _parts(load: Load, entity: Entity) -> dict[str, sql.Composable]:
    names = [sql.Identifier(name) for name in entity.column_names]
    key = [sql.Identifier(name) for name in entity.key]
    own = [sql.Identifier(name) for name in ("loaded_at", "row_hash", "section")]
    comma = sql.SQL(", ")
    return {
        "raw": raw_table(entity),
        "landed": load.landing.table(entity.name),
        "columns": comma.join(names),
        "values": comma.join(_value(column) for column in entity.columns),
        "key": comma.join(key),
        "hash": row_hash(entity),
        "section": sql.SQL(SECTION_NAME),
        "incoming_columns": comma.join(sql.SQL("incoming.{}").format(name) for name in names),
        "same_key": same(entity.key, "raw.{0} = incoming.{0}"),
        "is_set_back": _is_set_back(entity),
        "updates": comma.join(
            sql.SQL("{0} = excluded.{0}").format(name) for name in [*names, *own]
        ),
    }


def _is_set_back(entity: Entity) -> sql.Composable:
    """Return the condition that a landed row is behind the stored one in a column of progress."""
    conditions = [
        sql.SQL(SET_BACK).format(
            values=sql.Literal(list(column.values)), column=sql.Identifier(column.name)
        )
        for column in entity.columns
        if column.is_progress
    ]
    return sql.SQL(" or ").join(conditions) if conditions else sql.SQL("false")


def _value(column: Column) -> sql.Composed:
    """Select a landed column; all decimals land with nine places, most of them zeros."""
    expression = "trim_scale({0}) as {0}" if column.type is Type.DECIMAL else "{0}"
    return sql.SQL(expression).format(sql.Identifier(column.name))

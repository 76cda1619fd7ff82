"""Bringing one table of `published` up to its mart: its columns, its indexes, and rows that differ.

Rows are deleted and inserted, never truncated or renamed: a reader with an older snapshot
keeps seeing the older rows and holds nobody up. Which tables there are is said by
`published_schema`.
"""

from collections.abc import Sequence
from decimal import Decimal

import psycopg
from psycopg import sql

from dashboards.scorecard.privacy import PERSONAL

SOURCE, TARGET = "marts", "published"
Columns = dict[str, str]
"""A table's columns and their types, in order."""

_INDEXES = {
    "by_series": ("metric_id", "segment_name", "segment_value", "period_start"),
    "by_period": ("period_start",),
    "by_first_month": ("first_month",),
    "by_interval": ("next_month", "first_month"),
    "by_touched_person": ("person_id", "touched_at"),
    "by_asking_person": ("person_id", "opened_at"),
}
"""Indexes that the page's queries use: a table has those whose columns it has."""


def columns_of(connection: psycopg.Connection, schema: str, table: str) -> Columns:
    """Return a table's columns and types, without those that would name a person."""
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum",
        (f"{schema}.{table}",),
    ).fetchall()
    return {name: kind for name, kind in rows if name not in PERSONAL}


def reshape(connection: psycopg.Connection, table: str) -> None:
    """Give the published table the columns and indexes of its mart; make it if there is none."""
    target = sql.Identifier(TARGET, table)
    wanted = columns_of(connection, SOURCE, table)
    connection.execute(sql.SQL("create table if not exists {} ()").format(target))
    present = columns_of(connection, TARGET, table)
    for name, kind in present.items():
        if wanted.get(name) != kind:
            drop = sql.SQL("alter table {} drop column {}")
            connection.execute(drop.format(target, sql.Identifier(name)))
    for name, kind in wanted.items():
        if present.get(name) != kind:
            add = sql.SQL("alter table {} add column {} {}")
            connection.execute(add.format(target, sql.Identifier(name), sql.SQL(kind)))
    for name, keys in _INDEXES.items():
        if set(keys) <= wanted.keys():
            create = sql.SQL("create index if not exists {} on {} ({})")
            named = sql.Identifier(f"{table}_{name}")
            connection.execute(create.format(named, target, _names(keys)))


def refresh(connection: psycopg.Connection, table: str) -> int:
    """Make the rows of the published table those of its mart; return how many were written."""
    columns = list(columns_of(connection, SOURCE, table))
    wanted = _content(connection, SOURCE, table, columns)
    present = _content(connection, TARGET, table, columns)
    if wanted == present:
        return 0
    if _compare(connection, table, columns) == (wanted[0] - present[0], wanted[1] - present[1]):
        written = _write_difference(connection, table, columns)
    else:
        # Equal rows on both sides, but not equally many of them.
        written = _write_all(connection, table, columns)
    connection.execute("drop table pg_temp.difference")
    if written * 10 > wanted[0]:
        connection.execute(sql.SQL("analyze {}").format(sql.Identifier(TARGET, table)))
    return written


def _content(
    connection: psycopg.Connection, schema: str, table: str, columns: Sequence[str]
) -> tuple[int, Decimal]:
    """Count a table's rows and add up their hashes: equal for the same rows in any order."""
    query = sql.SQL("select count(*), coalesce(sum({}), 0) from {}").format(
        _hash(columns), sql.Identifier(schema, table)
    )
    return connection.execute(query).fetchone() or (0, Decimal(0))


def _compare(
    connection: psycopg.Connection, table: str, columns: Sequence[str]
) -> tuple[int, Decimal]:
    """Find the rows that only one side has; return by how many rows and hashes the mart has more.

    A statement of its own: PostgreSQL joins in parallel only where nothing published is written.
    """
    join = sql.SQL(
        "create temporary table difference on commit drop as"
        " select new.ctid as new, old.ctid as old, hash"
        " from (select ctid, {hash} as hash from {source}) as new"
        " full join (select ctid, {hash} as hash from {target}) as old using (hash)"
        " where new.ctid is null or old.ctid is null"
    )
    source, target = sql.Identifier(SOURCE, table), sql.Identifier(TARGET, table)
    connection.execute(join.format(hash=_hash(columns), source=source, target=target))
    more = connection.execute(
        "select count(new) - count(old),"
        " coalesce(sum(case when old is null then hash else -hash::numeric end), 0)"
        " from pg_temp.difference"
    )
    return more.fetchone() or (0, Decimal(0))


def _write_difference(connection: psycopg.Connection, table: str, columns: Sequence[str]) -> int:
    target, names = sql.Identifier(TARGET, table), _names(columns)
    delete = sql.SQL("delete from {} where ctid = any(array(select old from pg_temp.difference))")
    connection.execute(delete.format(target))
    insert = sql.SQL(
        "insert into {} ({}) select {} from {}"
        " where ctid = any(array(select new from pg_temp.difference))"
    )
    source = sql.Identifier(SOURCE, table)
    return connection.execute(insert.format(target, names, names, source)).rowcount


def _write_all(connection: psycopg.Connection, table: str, columns: Sequence[str]) -> int:
    target, names = sql.Identifier(TARGET, table), _names(columns)
    connection.execute(sql.SQL("delete from {}").format(target))
    insert = sql.SQL("insert into {} ({}) select {} from {}")
    source = sql.Identifier(SOURCE, table)
    return connection.execute(insert.format(target, names, names, source)).rowcount


def _hash(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL("hash_record_extended(row({}), 0)").format(_names(columns))


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))

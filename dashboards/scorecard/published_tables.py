"""Bringing one published table up to its mart, month by month where that is possible.

Rows are deleted and inserted, never truncated or renamed: a reader with an older snapshot
keeps seeing the older rows. The ledger and the order of things belong to `publication`.
"""

from datetime import date

import psycopg
from psycopg import sql

from dashboards.scorecard.privacy import PERSONAL

_SOURCE, _TARGET = "marts", "published"


def refresh_table(connection: psycopg.Connection, table: str) -> int:
    """Make `published.<table>` equal `marts.<table>`; return how many rows were written."""
    columns = _columns(connection, _SOURCE, table)
    is_reshaped = _reshape(connection, table, columns)
    if "period_start" not in columns or not _is_table(connection, table):
        return _replace_all(connection, table, columns)
    if is_reshaped:
        connection.execute("delete from concord.published_months where table_name = %s", (table,))
    return _replace_months(connection, table, columns)


def _columns(connection: psycopg.Connection, schema: str, table: str) -> dict[str, str]:
    """Give a table's columns and types, without those that would name a person."""
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum",
        (f"{schema}.{table}",),
    ).fetchall()
    return {name: kind for name, kind in rows if name not in PERSONAL}


def _reshape(connection: psycopg.Connection, table: str, columns: dict[str, str]) -> bool:
    """Give the published table the mart's columns; True if anything had to change."""
    target = sql.Identifier(_TARGET, table)
    present = _columns(connection, _TARGET, table)
    if present == columns:
        return False
    if not present:
        connection.execute(sql.SQL("create table if not exists {} ()").format(target))
    for name in present.keys() - {n for n, kind in columns.items() if present.get(n) == kind}:
        drop = sql.SQL("alter table {} drop column {}")
        connection.execute(drop.format(target, sql.Identifier(name)))
    kept = _columns(connection, _TARGET, table)
    for name, kind in columns.items():
        if name not in kept:
            add = sql.SQL("alter table {} add column {} {}")
            connection.execute(add.format(target, sql.Identifier(name), sql.SQL(kind)))
    _index(connection, table, columns)
    return True


def _index(connection: psycopg.Connection, table: str, columns: dict[str, str]) -> None:
    series = ["metric_id", "segment_name", "segment_value", "period_start"]
    keys = series if set(series) <= columns.keys() else ["period_start"]
    if not set(keys) <= columns.keys():
        return
    connection.execute(
        sql.SQL("create index if not exists {} on {} ({})").format(
            sql.Identifier(f"{table}_by_period"),
            sql.Identifier(_TARGET, table),
            sql.SQL(", ").join(map(sql.Identifier, keys)),
        )
    )


def _insert(table: str, columns: dict[str, str], condition: sql.Composable) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("insert into {} ({}) select {} from {} where {}").format(
        sql.Identifier(_TARGET, table), names, names, sql.Identifier(_SOURCE, table), condition
    )


def _replace_all(connection: psycopg.Connection, table: str, columns: dict[str, str]) -> int:
    connection.execute(sql.SQL("delete from {}").format(sql.Identifier(_TARGET, table)))
    return connection.execute(_insert(table, columns, sql.SQL("true"))).rowcount


def _is_table(connection: psycopg.Connection, table: str) -> bool:
    row = connection.execute(
        "select relkind from pg_class where oid = to_regclass(%s)", (f"{_SOURCE}.{table}",)
    ).fetchone()
    return row is not None and row[0] == "r"


def _replace_months(connection: psycopg.Connection, table: str, columns: dict[str, str]) -> int:
    """Rewrite only the months in which a row was written or removed since the last time.

    A month's mark is its row count with the oldest and newest transaction that wrote in it:
    any insert or update moves the newest, any delete the count.
    """
    found = connection.execute(
        sql.SQL(
            "select coalesce(period_start, date '0001-01-01'), concat_ws('/', count(*),"
            " min(xmin::text::bigint), max(xmin::text::bigint)) from {} group by 1"
        ).format(sql.Identifier(_SOURCE, table))
    ).fetchall()
    known = connection.execute(
        "select period_start, mark from concord.published_months where table_name = %s", (table,)
    ).fetchall()
    changed = {month for month, _ in set(found) ^ set(known)}
    if not changed:
        return 0
    values = {"months": sorted(changed), "table": table}
    is_undated = " or period_start is null" if date.min in changed else ""
    condition = sql.SQL(f"(period_start = any(%(months)s){is_undated})")
    delete = sql.SQL("delete from {} where {}").format(sql.Identifier(_TARGET, table), condition)
    connection.execute(delete, values)
    written = connection.execute(_insert(table, columns, condition), values).rowcount
    _mark_months(connection, values, found)
    return written


def _mark_months(connection: psycopg.Connection, values: dict, found: list) -> None:
    connection.execute(
        "delete from concord.published_months where table_name = %(table)s"
        " and period_start = any(%(months)s)",
        values,
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into concord.published_months values (%s, %s, %s)",
            [(values["table"], m, mark) for m, mark in found if m in values["months"]],
        )

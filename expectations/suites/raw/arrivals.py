"""What arrived from one source: which raw tables it has rows in, and what was known before.

Rows are new when they were loaded after the last completed build; what was there before is the
history that they are held against. Measuring them belongs to the other modules.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

OWN_COLUMNS = frozenset({"source_name", "loaded_at", "load_id", "row_hash"})


@dataclass(frozen=True)
class Table:
    """A raw table with rows of the source; `columns` maps names to PostgreSQL types."""

    name: str
    columns: dict[str, str]
    estimated_rows: float


@dataclass(frozen=True)
class Arrivals:
    """One source's rows in the warehouse, and until when they were built into marts before."""

    source_name: str
    schema: str
    as_of: datetime
    tables: tuple[Table, ...]
    known_through: datetime | None
    has_loads: bool


def look_at_arrivals(
    connection: psycopg.Connection, source_name: str, schema: str, as_of: datetime
) -> Arrivals:
    """Find what the source has in the warehouse."""
    return Arrivals(
        source_name=source_name,
        schema=schema,
        as_of=as_of,
        tables=tuple(
            table
            for table in _tables(connection, schema)
            if _has_rows(connection, schema, table, source_name)
        ),
        known_through=_known_through(connection),
        has_loads=_exists(connection, "concord.loads"),
    )


def _tables(connection: psycopg.Connection, schema: str) -> list[Table]:
    rows = connection.execute(
        """
        select
            classes.relname,
            jsonb_object_agg(attname, format_type(atttypid, null)),
            classes.reltuples
        from pg_class as classes
        inner join pg_attribute on attrelid = classes.oid and attnum > 0 and not attisdropped
        where classes.relnamespace = to_regnamespace(%s) and classes.relkind = 'r'
        group by classes.oid, classes.relname, classes.reltuples
        order by classes.relname
        """,
        (schema,),
    ).fetchall()
    return [Table(*row) for row in rows if row[1].keys() >= OWN_COLUMNS]


def _has_rows(connection: psycopg.Connection, schema: str, table: Table, source_name: str) -> bool:
    question = sql.SQL("select exists (select 1 from {} where source_name = %s)").format(
        sql.Identifier(schema, table.name)
    )
    row = connection.execute(question, (source_name,)).fetchone()
    return row is not None and row[0]


def _known_through(connection: psycopg.Connection) -> datetime | None:
    if not _exists(connection, "concord.builds"):
        return None
    row = connection.execute(
        """
        select loaded_through from concord.builds
        where completed_at is not null order by build_id desc limit 1
        """
    ).fetchone()
    return row[0] if row else None


def _exists(connection: psycopg.Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", (table,)).fetchone()
    return row is not None and row[0]

"""What there is to publish: the scorecard, its definitions, and what was published before.

Measuring it belongs to the other modules.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

_SCHEMAS = ["marts", "published", "intermediate", "concord"]


@dataclass(frozen=True)
class Definition:
    """What gate 2 needs of a metric's definition: its entities, and the rows behind its card."""

    metric_id: str
    needs: tuple[str, ...]
    rows_mart: str
    rows_numerator: str
    rows_denominator: str


@dataclass(frozen=True)
class Board:
    """The marts as they stand; `tables` maps schema.table to its columns and their types."""

    definitions: tuple[Definition, ...]
    tables: Mapping[str, Mapping[str, str]]
    filled_entities: frozenset[str]

    def has(self, table: str) -> bool:
        return table in self.tables

    @property
    def is_there(self) -> bool:
        return self.has("marts.scorecard") and bool(self.definitions)

    @property
    def was_published(self) -> bool:
        return self.has("published.scorecard")


def look_at_board(connection: psycopg.Connection) -> Board:
    """Find what the marts hold."""
    tables = _tables(connection)
    definitions = _definitions(connection) if "marts.metric_definitions" in tables else ()
    needed = {entity for definition in definitions for entity in definition.needs}
    return Board(
        definitions=definitions,
        tables=tables,
        filled_entities=frozenset(e for e in needed if _has_rows(connection, tables, e)),
    )


def _tables(connection: psycopg.Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        """
        select
            nspname || '.' || relname,
            jsonb_object_agg(attname, format_type(atttypid, null))
        from pg_class
        inner join pg_namespace on pg_namespace.oid = relnamespace
        inner join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
        where nspname = any(%s) and relkind in ('r', 'v', 'm')
        group by 1
        """,
        (_SCHEMAS,),
    )
    return dict(rows.fetchall())


def _definitions(connection: psycopg.Connection) -> tuple[Definition, ...]:
    rows = connection.execute(
        """
        select
            metric_id,
            coalesce(needs, ''),
            coalesce(rows_mart, ''),
            coalesce(rows_numerator, ''),
            coalesce(rows_denominator, '')
        from marts.metric_definitions
        order by metric_id
        """
    ).fetchall()
    return tuple(
        Definition(metric_id, tuple(n.strip() for n in needs.split(",") if n.strip()), *behind)
        for metric_id, needs, *behind in rows
    )


def _has_rows(
    connection: psycopg.Connection, tables: Mapping[str, Mapping[str, str]], entity: str
) -> bool:
    union = f"int_{entity}_unioned"
    if f"intermediate.{union}" not in tables:
        return False
    question = sql.SQL("select exists (select 1 from {})").format(
        sql.Identifier("intermediate", union)
    )
    row = connection.execute(question).fetchone()
    return row is not None and row[0]

"""What there is to publish: the scorecard, the rows behind it, and what was published before.

Measuring it belongs to the other modules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from expectations.context import Inputs
from expectations.limits import PublishLimits


@dataclass(frozen=True)
class Board:
    """The marts as they are.

    `row_columns` maps each mart that opens behind a card to its columns that definitions name,
    with their types; `filled_entities` are those that sources brought rows of.
    """

    row_columns: Mapping[str, Mapping[str, str]]
    filled_entities: tuple[str, ...]
    was_published: bool

    @property
    def published(self) -> sql.Composable:
        """Name the published scorecard; before the first publication, one without rows."""
        if self.was_published:
            return sql.Identifier("published", "scorecard")
        return sql.SQL("(select * from marts.scorecard where false)")


def look_at_board(connection: psycopg.Connection) -> Board | None:
    """Find what the marts hold; None where there is no scorecard."""
    if not (_exists(connection, "marts.scorecard") and _exists(connection, _DEFINITIONS)):
        return None
    needed = connection.execute(_NEEDED).fetchall()
    return Board(
        row_columns=dict(connection.execute(_ROW_COLUMNS).fetchall()),
        filled_entities=tuple(entity for (entity,) in needed if _has_rows(connection, entity)),
        was_published=_exists(connection, "published.scorecard"),
    )


def inputs(board: Board, as_of: datetime, limits: PublishLimits) -> Inputs:
    """Return the row of values that the queries of gate 2 read."""
    return Inputs(
        _INPUTS,
        {
            "as_of": as_of,
            "maximum_jump": limits.maximum_jump,
            "filled_entities": list(board.filled_entities),
        },
    )


_INPUTS = """
create temp table inputs as
select
    cast(%(as_of)s as timestamptz) as as_of,
    cast(%(maximum_jump)s as double precision) as maximum_jump,
    cast(%(filled_entities)s as text[]) as filled_entities
"""

_DEFINITIONS = "marts.metric_definitions"
_NEEDED = """
select distinct trim(entity)
from marts.metric_definitions
cross join unnest(string_to_array(needs, ',')) as entity
"""
_ROW_COLUMNS = """
select columns.table_name, jsonb_object_agg(columns.column_name, columns.data_type)
from information_schema.columns as columns
inner join marts.metric_definitions as definitions
    on
        columns.table_name = definitions.rows_mart
        and columns.column_name in (definitions.rows_numerator, definitions.rows_denominator)
where columns.table_schema = 'marts' and exists (
    select 1 from information_schema.columns as months
    where
        months.table_schema = 'marts'
        and months.table_name = columns.table_name
        and months.column_name = 'period_start'
)
group by columns.table_name
"""


def _has_rows(connection: psycopg.Connection, entity: str) -> bool:
    if not _exists(connection, f"staging.stg_{entity}"):
        return False
    question = sql.SQL("select exists (select 1 from {})").format(
        sql.Identifier("staging", f"stg_{entity}")
    )
    row = connection.execute(question).fetchone()
    return row is not None and row[0]


def _exists(connection: psycopg.Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", (table,)).fetchone()
    return row is not None and row[0]

"""Rows that leave `raw`: those that are seen filtered, those that are replaced, those missing.

A row leaves where the last record of its key no longer meets the conditions of the section that it
came by, where a record of a section that removes names it, where a load brings others of the set
that it was one of, and where a load that brings all rows of its section lacks it. Everything runs
in the caller's transaction, before rows are merged.
"""

from collections.abc import Collection

import psycopg
from psycopg import sql

from ingestion.contract import Entity
from ingestion.loading.landing import SECTION_NAME, Load
from ingestion.loading.schema import raw_table, same

OVERTAKEN = """
delete from {landed} as landed
using (
    select {key}, _section, _everywhere, max(_row) as _row
    from {leaving}
    group by {key}, _section, _everywhere
) as gone
where
    {landed_is_gone}
    and (gone._everywhere or (landed._section = gone._section and landed._row < gone._row))
"""

# A row whose section is unknown may be of any.
FILTERED = """
delete from {raw} as raw
using (select distinct {key}, {section} as section, _everywhere from {leaving}) as gone
where
    raw.source_name = %(source)s
    and {raw_is_gone}
    and (
        gone._everywhere or raw.section is null or raw.section is not distinct from gone.section
    )
    and {is_absent}
"""

REPLACED = """
delete from {raw} as raw
where
    raw.source_name = %(source)s
    and exists (select from {landed} as landed where {is_of_set})
    and {is_absent}
"""

MISSING = """
delete from {raw} as raw
where
    raw.source_name = %(source)s
    and (cast(%(whole)s as text[]) is null or raw.section = any(cast(%(whole)s as text[])))
    and {is_absent}
"""


def leaving_table(entity: Entity) -> str:
    """Name the table of a landing that holds the keys of rows that leave."""
    return f"{entity.name}_leaving"


def remove_filtered(
    connection: psycopg.Connection, load: Load, entity: Entity, *, has_landed: bool
) -> int:
    """Take out the rows of which the last record was filtered; return how many `raw` lost."""
    parts = _parts(load, entity, has_landed)
    if has_landed:
        connection.execute(sql.SQL(OVERTAKEN).format(**parts))
    return connection.execute(sql.SQL(FILTERED).format(**parts), load.values).rowcount


def remove_replaced(connection: psycopg.Connection, load: Load, entity: Entity) -> int:
    """Take out what is no longer in a set of which something has landed; count it."""
    statement = sql.SQL(REPLACED).format(**_parts(load, entity, has_landed=True))
    return connection.execute(statement, load.values).rowcount


def remove_missing(
    connection: psycopg.Connection,
    load: Load,
    entity: Entity,
    sections: Collection[str | None],
    *,
    has_landed: bool,
) -> int:
    """Take out the rows of whole sections (None: of the entity) that haven't landed; count them."""
    statement = sql.SQL(MISSING).format(**_parts(load, entity, has_landed))
    whole = None if None in sections else list(sections)
    return connection.execute(statement, {**load.values, "whole": whole}).rowcount


def count_rows(connection: psycopg.Connection, load: Load, entity: Entity) -> int:
    """Count the rows that `raw` has of the source."""
    statement = sql.SQL("select count(*) from {} where source_name = %(source)s").format(
        raw_table(entity)
    )
    row = connection.execute(statement, load.values).fetchone()
    return row[0] if row else 0


def _parts(load: Load, entity: Entity, has_landed: bool) -> dict[str, sql.Composable]:
    landed = load.landing.table(entity.name)
    absent = sql.SQL("not exists (select from {} as landed where {})").format(
        landed, same(entity.key, "landed.{0} = raw.{0}")
    )
    return {
        "raw": raw_table(entity),
        "landed": landed,
        "leaving": load.landing.table(leaving_table(entity)),
        "key": sql.SQL(", ").join(map(sql.Identifier, entity.key)),
        "section": sql.SQL(SECTION_NAME),
        "landed_is_gone": same(entity.key, "landed.{0} = gone.{0}"),
        "raw_is_gone": same(entity.key, "raw.{0} = gone.{0}"),
        "is_of_set": same(entity.set_key, "landed.{0} = raw.{0}"),
        "is_absent": absent if has_landed else sql.SQL("true"),
    }

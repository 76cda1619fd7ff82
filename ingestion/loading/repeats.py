"""Landed rows with the same key: the last one stays, and sections that collide are refused.

The last row of the last file wins, of those before it some are told: rows of one file that differ.
"""

import psycopg
from psycopg import sql

from ingestion.contract import Entity
from ingestion.errors import MappingFault
from ingestion.loading.landing import SECTION_NAME, Load
from ingestion.loading.schema import row_hash, same

KEEP_LAST = """
with repeated as (
    select {key}, max(_row) as _row from {landed} group by {key} having count(*) > 1
),

kept as (
    select landed._row, landed._file, {key_of_landed}, {landed_hash} as row_hash
    from {landed} as landed
    inner join repeated on {same_repeated_key} and landed._row = repeated._row
),

replaced as (
    delete from {landed} as landed
    using kept
    where {same_kept_key} and landed._row < kept._row
    returning landed._file, landed._file = kept._file and {landed_hash} <> kept.row_hash as is_other
)

select _file, count(*) from replaced where is_other group by _file
"""

HAS_SECTIONS = "select min(_section) < max(_section) from {landed}"

# The last rows of a key in two sections, of which the later one may not replace the other's.
COLLISIONS = """
with last_rows as (
    select distinct on ({key}, _section) landed.*, {hash} as row_hash, {section} as section
    from {landed} as landed
    order by {key}, _section, _row desc
)

select earlier.section, later.section, count(*)
from last_rows as earlier
inner join last_rows as later on {same_later_key} and earlier._section < later._section
where
    earlier.row_hash <> later.row_hash
    and not coalesce(later.section, '') = any(cast(%(overriding)s as text[]))
group by 1, 2
order by 3 desc
limit 1
"""


def keep_last(connection: psycopg.Connection, load: Load, entity: Entity) -> dict[int, int]:
    """Keep the last row of each key; return how many others of its file it replaced, by file."""
    parts = _parts(load, entity)
    has_sections = connection.execute(sql.SQL(HAS_SECTIONS).format(**parts)).fetchone()
    if has_sections and has_sections[0]:
        _refuse_collisions(connection, load, entity)
    return dict(connection.execute(sql.SQL(KEEP_LAST).format(**parts)).fetchall())


def _refuse_collisions(connection: psycopg.Connection, load: Load, entity: Entity) -> None:
    statement = sql.SQL(COLLISIONS).format(**_parts(load, entity))
    if found := connection.execute(statement, load.values).fetchone():
        earlier, later, count = found
        raise MappingFault(
            load.source_name,
            f"the sections of {entity.name} with the paths {earlier} and {later} make the same key"
            f" of different rows, {count:,} times",
            f"Map another {', '.join(entity.key)} in one of them, or set overrides = true on the"
            " later one, whose rows then count",
        )


def _parts(load: Load, entity: Entity) -> dict[str, sql.Composable]:
    comma = sql.SQL(", ")
    return {
        "landed": load.landing.table(entity.name),
        "key": comma.join(map(sql.Identifier, entity.key)),
        "key_of_landed": comma.join(sql.Identifier("landed", name) for name in entity.key),
        "hash": row_hash(entity),
        "landed_hash": row_hash(entity, "landed"),
        "section": sql.SQL(SECTION_NAME),
        "same_repeated_key": same(entity.key, "landed.{0} = repeated.{0}"),
        "same_kept_key": same(entity.key, "landed.{0} = kept.{0}"),
        "same_later_key": same(entity.key, "earlier.{0} = later.{0}"),
    }

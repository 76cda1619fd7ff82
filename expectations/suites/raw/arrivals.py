"""What arrived from one source: which entities it has rows of, and what was known before.

Rows are new when they were loaded after the last publication; what was there before is the
history that they are compared with. Measuring them belongs to the other modules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from expectations.context import Inputs
from expectations.entities import ArrivingEntity
from expectations.limits import ArrivalLimits
from expectations.suites.relations import exists

_SAMPLE = 200_000
# What was measured of columns, each with its place.
COLUMNS = sql.SQL(
    """
    select
        measured.*,
        inputs.source_name,
        measured.table_name || '.' || measured.column_name as place
    from ({parts}) as measured
    cross join inputs
    """
)


@dataclass(frozen=True)
class Arrivals:
    """One source's entities with rows, and until when rows count as known.

    `others` are the sources whose ids may look like this one's, `naming` the tables with ids of
    customers. `has_identifiers` and `has_persons` say whether a run has normalised e-mails and
    phones, and recognised persons.

    `estimated_rows` is the server's estimate of the tables' sizes, for all sources.
    """

    source_name: str
    as_of: datetime
    entities: tuple[ArrivingEntity, ...]
    estimated_rows: dict[str, float]
    known_through: datetime | None
    others: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()
    has_identifiers: bool = False
    has_persons: bool = False


def look_at_arrivals(
    connection: psycopg.Connection,
    source_name: str,
    as_of: datetime,
    entities: Sequence[ArrivingEntity],
    others: Sequence[str] = (),
) -> Arrivals:
    """Find what the source has in the warehouse."""
    estimated_rows = _tables(connection)
    return Arrivals(
        source_name=source_name,
        as_of=as_of,
        entities=tuple(
            entity
            for entity in entities
            if entity.name in estimated_rows and _has_rows(connection, entity, source_name)
        ),
        estimated_rows=estimated_rows,
        known_through=_known_through(connection),
        others=tuple(others),
        naming=tuple(
            entity.name
            for entity in entities
            if entity.name in estimated_rows and "customer_id" in entity.columns
        ),
        has_identifiers=exists(connection, "analytics.identifiers"),
        has_persons=exists(connection, "intermediate.int_person_sources"),
    )


def inputs(arrivals: Arrivals, limits: ArrivalLimits) -> Inputs:
    """Return the row of values that the queries of gate 1 read."""
    return Inputs(
        _INPUTS,
        {
            "source_name": arrivals.source_name,
            "as_of": arrivals.as_of,
            "known_through": arrivals.known_through,
            "minimum_volume_share": limits.minimum_volume_share,
            "maximum_volume_ratio": limits.maximum_volume_ratio,
            "freshness_days": limits.freshness_days,
            "maximum_quarantined_share": limits.maximum_quarantined_share,
            "maximum_folded_share": limits.maximum_folded_share,
            "brands": list(limits.brands),
            "other_sources": list(arrivals.others),
            "has_phone_country": limits.has_phone_country,
            "sources": list(limits.sources),
        },
    )


_INPUTS = """
create temp table inputs as
select
    cast(%(source_name)s as text) as source_name,
    cast(%(as_of)s as timestamptz) as as_of,
    cast(%(known_through)s as timestamptz) as known_through,
    cast(%(minimum_volume_share)s as double precision) as minimum_volume_share,
    cast(%(maximum_volume_ratio)s as double precision) as maximum_volume_ratio,
    cast(%(freshness_days)s as double precision) as freshness_days,
    cast(%(maximum_quarantined_share)s as double precision) as maximum_quarantined_share,
    cast(%(maximum_folded_share)s as double precision) as maximum_folded_share,
    cast(%(brands)s as text[]) as brands,
    cast(%(other_sources)s as text[]) as other_sources,
    cast(%(has_phone_country)s as boolean) as has_phone_country,
    cast(%(sources)s as text[]) as sources;
analyze inputs
"""


def _tables(connection: psycopg.Connection) -> dict[str, float]:
    rows = connection.execute(
        "select relname, reltuples from pg_class"
        " where relnamespace = to_regnamespace('raw') and relkind = 'r'"
    )
    return dict(rows.fetchall())


def _has_rows(connection: psycopg.Connection, entity: ArrivingEntity, source_name: str) -> bool:
    question = sql.SQL("select exists (select 1 from {} where source_name = %s)").format(
        sql.Identifier("raw", entity.name)
    )
    row = connection.execute(question, (source_name,)).fetchone()
    return row is not None and row[0]


def _known_through(connection: psycopg.Connection) -> datetime | None:
    if not exists(connection, "concord.publications"):
        return None
    row = connection.execute(
        "select max(happened_at) from concord.publications where state = 'published'"
    ).fetchone()
    return row[0] if row else None


def sampled(arrivals: Arrivals, entity: ArrivingEntity) -> sql.Composable:
    """Name the table `rows`, or a fixed sample of a big one's pages: history has its shares."""
    table = sql.SQL("{} as rows").format(sql.Identifier("raw", entity.name))
    estimated_rows = arrivals.estimated_rows[entity.name]
    if estimated_rows <= 2 * _SAMPLE:
        return table
    percent = sql.Literal(100 * _SAMPLE / estimated_rows)
    return sql.SQL("{} tablesample system ({}) repeatable (1)").format(table, percent)

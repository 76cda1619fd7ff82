"""How empty the columns of the new rows are beside those of the rows before."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.entities import ArrivingEntity
from expectations.suites.checks import blocking, warning
from expectations.suites.raw.arrivals import Arrivals, sampled


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Count the filled columns of each entity; nothing without history."""
    if arrivals.known_through is None:
        return []
    return [_filled(arrivals, entity) for entity in arrivals.entities]


def _filled(arrivals: Arrivals, entity: ArrivingEntity) -> sql.Composed:
    counts = [sql.SQL("count({0}) as {0}").format(sql.Identifier(name)) for name in entity.columns]
    return _FILLED.format(
        table_name=sql.Literal(entity.name),
        occasional=sql.Literal(list(entity.occasional)),
        counts=sql.SQL(", ").join(counts),
        table=sql.Identifier("raw", entity.name),
        sampled=sampled(arrivals, entity),
    )


_FILLED = sql.SQL(
    """
    select
        {table_name} as table_name,
        cast({occasional} as text[]) as occasional,
        arrived.row_count as new_rows,
        known.row_count as known_rows,
        to_jsonb(arrived) - 'row_count' as filled,
        to_jsonb(known) as was_filled
    from inputs
    cross join lateral (
        select count(*) as row_count, {counts} from {table} as rows
        where rows.source_name = inputs.source_name and rows.loaded_at > inputs.known_through
    ) as arrived
    cross join lateral (
        select count(*) as row_count, {counts} from {sampled}
        where
            rows.source_name = inputs.source_name
            and rows.loaded_at <= inputs.known_through
            and arrived.row_count >= 30
    ) as known
    where arrived.row_count >= 30 and known.row_count >= 30
    """
)

# One row per column. Both sides need 30 rows.
QUERY = sql.SQL(
    """
    with measured as (
        {parts}
    ),

    columns as (
        select
            measured.table_name,
            filled.column_name,
            filled.column_name = any(measured.occasional) as is_occasional,
            measured.new_rows,
            100 - 100.0 * cast(filled.row_count as bigint) / measured.new_rows as empty_now,
            100 - 100.0 * cast(measured.was_filled ->> filled.column_name as bigint)
            / measured.known_rows as empty_before
        from measured
        cross join lateral jsonb_each_text(measured.filled) as filled (column_name, row_count)
    )

    select
        columns.is_occasional,
        columns.empty_now - columns.empty_before as points_more,
        columns.table_name || '.' || columns.column_name as place,
        format(
            'Column %s of %s from source %s is empty in %s %% of the %s new rows, and was in %s %%'
            ' of those before',
            columns.column_name,
            columns.table_name,
            inputs.source_name,
            to_char(columns.empty_now, 'FM990'),
            to_char(columns.new_rows, 'FM999,999,999,990'),
            to_char(columns.empty_before, 'FM990')
        ) as observed,
        'at most 20 points more are let through' as expected,
        'check whether the export lost or renamed the column; if it is gone for good, leave it'
        ' out of the source''s mapping in concord.toml; if the mapping rightly leaves values out'
        ' since, `concord accept` lets it pass' as remedy
    from columns
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of how empty columns are."""
    return ExpectationSuite(
        "emptiness",
        expectations=[blocking("null rate", _USUAL), warning("null rate of links", _OCCASIONAL)],
    )


_USUAL = """
select place, observed, expected, remedy
from {batch}
where points_more > 20 and not is_occasional
order by place
"""

_OCCASIONAL = """
select place, observed, expected, remedy
from {batch}
where points_more > 20 and is_occasional
order by place
"""

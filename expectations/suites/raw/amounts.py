"""How big the amounts of the new rows are beside those before."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking
from expectations.suites.raw.arrivals import COLUMNS, Arrivals, sampled


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Measure the new amounts and those before, for every entity that brings income."""
    return [
        _AMOUNTS.format(
            table_name=sql.Literal(entity.name),
            column_name=sql.Literal(entity.income),
            amount=sql.Identifier(entity.income),
            table=sql.Identifier("raw", entity.name),
            sampled=sampled(arrivals, entity),
        )
        for entity in arrivals.entities
        if entity.income
    ]


_AMOUNTS = sql.SQL(
    """
    select
        {table_name} as table_name,
        {column_name} as column_name,
        arrived.*,
        known.*
    from inputs
    cross join lateral (
        select
            coalesce(rows.currency, '') as currency,
            count(rows.{amount}) as new_rows,
            avg(rows.{amount}) as new_mean
        from {table} as rows
        where
            rows.source_name = inputs.source_name
            and rows.loaded_at > coalesce(inputs.known_through, '-infinity')
        group by 1
    ) as arrived
    cross join lateral (
        select count(rows.{amount}) as known_rows, avg(rows.{amount}) as known_mean
        from {sampled}
        where
            rows.source_name = inputs.source_name
            and rows.loaded_at <= inputs.known_through
            and coalesce(rows.currency, '') = arrived.currency
            and arrived.new_rows >= 30
    ) as known
    """
)

# One row per entity and currency of its new rows.
QUERY = COLUMNS


def suite() -> ExpectationSuite:
    """Return what is expected of amounts."""
    return ExpectationSuite("amounts", expectations=[blocking("range", _RANGE)])


_RANGE = """
select
    place,
    format(
        'The mean %s of %s from source %s is %s in the %s new rows, and was %s before',
        column_name,
        table_name,
        source_name,
        concat_ws(' ', to_char(new_mean, 'FM999,999,999,990.00'), nullif(currency, '')),
        to_char(new_rows, 'FM999,999,999,990'),
        to_char(known_mean, 'FM999,999,999,990.00')
    ) as observed,
    'at most 5 times more or less is let through' as expected,
    'check the unit (cents or whole), the decimal sign and the currency of the export' as remedy
from {batch}
where
    new_rows >= 30
    and known_rows >= 30
    and known_mean > 0
    and (new_mean > 5 * known_mean or 5 * new_mean < known_mean)
order by place, currency
"""

"""Whether the rows that open behind a card add up to it, for the company's complete months."""

from collections.abc import Mapping

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking
from expectations.suites.marts.board import Board


def query(board: Board) -> sql.Composed:
    """Compare cards with the sums of their rows; each mart is read once, for all its metrics."""
    sums = [_NO_SUMS, *(_sums(mart, columns) for mart, columns in board.row_columns.items())]
    opened = [f"{mart}.{name}" for mart, names in board.row_columns.items() for name in names]
    return _QUERY.format(sums=sql.SQL(" union all ").join(sums), opened=sql.Literal(opened))


def _sums(mart: str, columns: Mapping[str, str]) -> sql.Composed:
    return _SUMS.format(
        mart=sql.Literal(mart),
        table=sql.Identifier("marts", mart),
        totals=sql.SQL(", ").join(_total(name, type_) for name, type_ in columns.items()),
    )


def _total(column: str, type_: str) -> sql.Composed:
    """Sum a column; a yes counts one."""
    total = "count(*) filter (where {0}) as {0}" if type_ == "boolean" else "sum({0}) as {0}"
    return sql.SQL(total).format(sql.Identifier(column))


_NO_SUMS = sql.SQL("select '', cast(null as date), '', cast(null as numeric) where false")
_SUMS = sql.SQL(
    """
    select {mart}, summed.period_start, totals.key, cast(totals.value as numeric)
    from (
        select period_start, {totals} from {table} group by period_start
    ) as summed
    cross join lateral jsonb_each_text(to_jsonb(summed) - 'period_start') as totals
    """
)

# One row per metric, month, and each of numerator and denominator that rows add up to.
_QUERY = sql.SQL(
    """
    with sums (mart, period_start, column_name, total) as (
        {sums}
    )

    select
        cards.metric_id,
        cards.period_start,
        cards.is_partial,
        definitions.rows_mart || '.' || counted.column_name as place,
        definitions.rows_mart || '.' || counted.column_name = any(cast({opened} as text[]))
            as is_open,
        counted.on_card,
        coalesce(sums.total, 0) as in_rows
    from marts.scorecard as cards
    inner join marts.metric_definitions as definitions on cards.metric_id = definitions.metric_id
    cross join lateral (
        values
        (definitions.rows_numerator, cards.numerator),
        (definitions.rows_denominator, cards.denominator)
    ) as counted (column_name, on_card)
    left join sums
        on
            definitions.rows_mart = sums.mart
            and counted.column_name = sums.column_name
            and cards.period_start = sums.period_start
    where
        cards.segment_name = 'company'
        and cards.segment_value = 'all'
        and definitions.rows_mart <> ''
        and counted.column_name <> ''
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of cards and their rows."""
    return ExpectationSuite(
        "reconciliation",
        expectations=[
            blocking("reconciliation", _RECONCILIATION),
            blocking("rows behind a card", _CLOSED),
        ],
    )


# Values are rounded when they are written, so equal figures may differ in the last digit.
_RECONCILIATION = """
select
    place,
    format(
        'The card %s for %s counts %s, and the rows behind it in %s add up to %s',
        metric_id,
        to_char(period_start, 'FMMonth YYYY'),
        to_char(on_card, 'FM999,999,999,990.00'),
        place,
        to_char(in_rows, 'FM999,999,999,990.00')
    ) as observed,
    'a card and its rows are equal' as expected,
    'correct the model of the mart, or rows_numerator and rows_denominator of the definition; the'
    || ' sources are not at fault' as remedy
from {batch}
where
    is_open
    and not is_partial
    and abs(on_card - in_rows) > 0.000001 * greatest(1, abs(on_card))
order by period_start desc, metric_id, place
"""

_CLOSED = """
select distinct
    'metric_definitions.rows_mart' as place,
    format('The card %s opens into %s, which doesn''t exist', metric_id, place) as observed,
    'every card opens into its rows' as expected,
    'correct rows_mart, rows_numerator and rows_denominator of the definition' as remedy
from {batch}
where not is_open
order by observed
"""

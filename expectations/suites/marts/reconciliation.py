"""Whether the rows that open behind a card add up to it, for the company's complete months."""

from collections import defaultdict

from psycopg import sql

from expectations.rules import Evidence, Rule, Words, literal, union
from expectations.suites.marts.board import Board, Definition

_TOLERANCE = 0.000001
_LABELS = ("metric_id", "mart", "month", "column_name", "on_card", "in_rows")
_RULES = (
    Rule(
        "reconciliation",
        "gap",
        Words(
            "{mart}.{column_name}",
            "The card {metric_id} for {month} counts {on_card:,.2f}, and the rows behind it in"
            " {mart}.{column_name} add up to {in_rows:,.2f}",
            "a card and its rows are equal",
            "correct the model of the mart, or rows_numerator and rows_denominator of the"
            " definition; the sources are not at fault",
        ),
        maximum=_TOLERANCE,
    ),
    Rule(
        "rows behind a card",
        "is_closed",
        Words(
            "metric_definitions.rows_mart",
            "The card {metric_id} opens into {mart}.{column_name}, which doesn't exist",
            "every card opens into its rows",
            "correct rows_mart, rows_numerator and rows_denominator of the definition",
        ),
        maximum=0,
    ),
)


def evidence(board: Board) -> Evidence | None:
    """Ask one row per metric, month and sum; each mart is read once."""
    parts: list[sql.Composable] = []
    sums: dict[str, list[tuple[Definition, str, str]]] = defaultdict(list)
    for definition in board.definitions:
        for on_card, column in _sums(definition):
            if _can_be_summed(board, definition.rows_mart, column):
                sums[definition.rows_mart].append((definition, on_card, column))
            else:
                parts.append(_closed(definition, column))
    parts += [_open(board, mart, wanted) for mart, wanted in sums.items()]
    return Evidence("reconciliation", union(parts), _LABELS, _RULES) if parts else None


def _sums(definition: Definition) -> list[tuple[str, str]]:
    """Pair the card's figures with the columns that add up to them."""
    if not definition.rows_mart:
        return []
    pairs = [
        ("numerator", definition.rows_numerator),
        ("denominator", definition.rows_denominator),
    ]
    return [(on_card, column) for on_card, column in pairs if column]


def _can_be_summed(board: Board, mart: str, column: str) -> bool:
    columns = board.tables.get(f"marts.{mart}", {})
    return {"period_start", column} <= columns.keys()


def _closed(definition: Definition, column: str) -> sql.Composable:
    return _CLOSED.format(
        metric_id=literal(definition.metric_id),
        mart=literal(definition.rows_mart),
        column_name=literal(column),
    )


_CLOSED = sql.SQL(
    """
    select
        {metric_id} as metric_id,
        {mart} as mart,
        {column_name} as column_name,
        '' as month,
        cast(0 as double precision) as on_card,
        cast(0 as double precision) as in_rows,
        cast(null as double precision) as gap,
        case when exists (select 1 from marts.scorecard where metric_id = {metric_id})
            then 1 else 0
        end as is_closed
    """
)


def _open(board: Board, mart: str, wanted: list[tuple[Definition, str, str]]) -> sql.Composable:
    kinds = board.tables[f"marts.{mart}"]
    columns = sorted({column for _, _, column in wanted})
    return _OPEN.format(
        mart=literal(mart),
        table=sql.Identifier("marts", mart),
        totals=sql.SQL(", ").join(_total(column, kinds[column]) for column in columns),
        compared=sql.SQL(", ").join(
            sql.SQL("({}, {}, cards.{}, summed.{})").format(
                literal(definition.metric_id),
                literal(column),
                sql.Identifier(on_card),
                sql.Identifier(column),
            )
            for definition, on_card, column in wanted
        ),
        metrics=sql.SQL(", ").join(
            literal(metric_id) for metric_id in sorted({each.metric_id for each, _, _ in wanted})
        ),
    )


def _total(column: str, kind: str) -> sql.Composable:
    """Sum a column; a yes counts one."""
    name = sql.Identifier(column)
    if kind == "boolean":
        return sql.SQL("count(*) filter (where {}) as {}").format(name, name)
    return sql.SQL("sum({}) as {}").format(name, name)


_OPEN = sql.SQL(
    """
    select
        cards.metric_id,
        {mart} as mart,
        compared.column_name,
        to_char(cards.period_start, 'FMMonth YYYY') as month,
        cast(compared.on_card as double precision) as on_card,
        cast(coalesce(compared.in_rows, 0) as double precision) as in_rows,
        cast(
            abs(compared.on_card - coalesce(compared.in_rows, 0))
            / greatest(1, abs(compared.on_card))
            as double precision
        ) as gap,
        0 as is_closed
    from marts.scorecard as cards
    left join (
        select period_start, {totals} from {table} group by period_start
    ) as summed on cards.period_start = summed.period_start
    cross join lateral (
        values {compared}
    ) as compared (metric_id, column_name, on_card, in_rows)
    where
        cards.metric_id in ({metrics})
        and cards.metric_id = compared.metric_id
        and cards.segment_name = 'company'
        and cards.segment_value = 'all'
        and not cards.is_partial
    """
)

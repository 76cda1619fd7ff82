"""The rows that a card counts: one page of them, and the sums that must equal the card.

Reads through a `Reader`; which mart and which columns is said by metric_definitions. No
column that could name a person is ever selected.
"""

import re
from dataclasses import dataclass
from typing import Any

from psycopg import ClientCursor, sql

from dashboards.scorecard.queries import SCHEMA, Reader
from dashboards.scorecard.records import WHOLE_COMPANY, MetricDefinition, ScorecardRow
from dashboards.scorecard.row_columns import amount, counted_columns, shown_columns

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


@dataclass(frozen=True)
class CardRows:
    """One page of the rows that a card counts, with the sums over all of them."""

    mart: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    offset: int
    numerator: str
    denominator: str | None
    numerator_sum: float | None
    denominator_sum: float | None
    is_segment_known: bool


@dataclass(frozen=True)
class _Selection:
    """Which rows a card counts and what is shown of them, as parts of a query."""

    types: dict[str, str]
    counted: tuple[str, ...]
    columns: tuple[str, ...]
    source: sql.Composed
    values: dict[str, Any]


def card_rows(
    reader: Reader, definition: MetricDefinition, card: ScorecardRow, offset: int, limit: int
) -> CardRows | None:
    """Read one page of the rows that a card's numerator and denominator add up.

    Returns None where the definition names no mart, or the mart is not published.
    """
    selection = _selection(reader, definition, card)
    if selection is None:
        return None
    counted, types = selection.counted, selection.types
    amounts = [amount(sql.Identifier(name), types[name]) for name in counted]
    found = reader.dicts(
        _page_and_sums(selection.source, selection.columns, amounts),
        {**selection.values, "offset": offset, "limit": limit},
    )
    sums = found[0]
    # Past the last row the sums come alone, beside a row of nulls.
    rows = found if offset < sums["_total"] else []
    return CardRows(
        mart=definition.rows_mart or "",
        columns=selection.columns,
        rows=tuple(
            tuple(without_addresses(row[name]) for name in selection.columns) for row in rows
        ),
        total=sums["_total"],
        offset=offset,
        numerator=counted[0],
        denominator=counted[-1] if definition.rows_denominator else None,
        numerator_sum=sums["_numerator_sum"],
        denominator_sum=sums["_denominator_sum"] if definition.rows_denominator else None,
        is_segment_known=card.segment == WHOLE_COMPANY or card.segment_name in types,
    )


def rows_query(reader: Reader, definition: MetricDefinition, card: ScorecardRow) -> str:
    """Return the query of all the rows that a card counts, for people to run; "" without rows."""
    selection = _selection(reader, definition, card)
    if selection is None:
        return ""
    query = sql.SQL("select {} {}").format(
        sql.SQL(", ").join(map(sql.Identifier, selection.columns)), selection.source
    )
    return ClientCursor(reader.connection).mogrify(query, selection.values)


def _selection(
    reader: Reader, definition: MetricDefinition, card: ScorecardRow
) -> _Selection | None:
    mart = definition.rows_mart
    if not (mart and definition.rows_numerator and reader.has(mart)):
        return None
    types = _column_types(reader, mart)
    counted = counted_columns(definition, types, card.segment_name)
    if not set(counted) <= types.keys():
        return None
    return _Selection(
        types=types,
        counted=counted,
        columns=shown_columns(definition, types, reader.definitions().values(), counted),
        source=sql.SQL("from {} where {}").format(
            sql.Identifier(SCHEMA, mart), _condition(card, types, counted)
        ),
        values={"start": card.period_start, "choice": card.segment_value},
    )


def _column_types(reader: Reader, mart: str) -> dict[str, str]:
    rows = reader.dicts(
        sql.SQL(
            "select column_name, data_type from information_schema.columns where"
            " table_schema = %(schema)s and table_name = %(mart)s order by ordinal_position"
        ),
        {"schema": SCHEMA, "mart": mart},
    )
    return {row["column_name"]: row["data_type"] for row in rows}


def _condition(card: ScorecardRow, types: dict[str, str], counted: tuple[str, ...]) -> sql.Composed:
    """Keep the card's period and segment, and only rows that count in it."""
    counts = (
        sql.SQL("{}" if types[name] == "boolean" else "{} <> 0").format(sql.Identifier(name))
        for name in counted
    )
    parts: list[sql.Composable] = [sql.SQL("({})").format(sql.SQL(" or ").join(counts))]
    if "period_start" in types:
        parts.append(sql.SQL("period_start = %(start)s::date"))
    if card.segment != WHOLE_COMPANY and card.segment_name in types:
        name = sql.Identifier(card.segment_name)
        parts.append(sql.SQL("{}::text = %(choice)s").format(name))
    return sql.SQL(" and ").join(parts)


def _page_and_sums(
    source: sql.Composed, columns: tuple[str, ...], amounts: list[sql.Composed]
) -> sql.Composed:
    """Read the rows once for both the page and the sums: most marts with rows are views.

    Largest contributions first; every shown column breaks ties, so pages never overlap.
    """
    query = sql.SQL(
        "with counted as materialized"
        " (select {columns}, {numerator} as _numerator, {denominator} as _denominator {source}),"
        " sums as (select count(*) as _total, coalesce(sum(_numerator), 0) as _numerator_sum,"
        " coalesce(sum(_denominator), 0) as _denominator_sum from counted),"
        " page as (select * from counted order by _numerator desc, {columns}"
        " offset %(offset)s limit %(limit)s)"
        " select * from sums left join page on true order by _numerator desc, {columns}"
    )
    return query.format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        numerator=amounts[0],
        denominator=amounts[-1],
        source=source,
    )


def without_addresses(value: Any) -> Any:
    """Replace e-mail addresses, which people write into any text."""
    return _ADDRESS.sub("[e-mail]", value) if isinstance(value, str) else value

"""The rows behind a card: one page of them, and the sums that must equal the card.

Reads through a `Reader`; which mart and which columns is said by metric_definitions. No
column that could name a person is ever selected.
"""

import re
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from dashboards.scorecard.queries import SCHEMA, Reader
from dashboards.scorecard.records import WHOLE_COMPANY, MetricDefinition, ScorecardRow
from dashboards.scorecard.row_columns import counted_columns, shown_columns

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


@dataclass(frozen=True)
class RowsBehind:
    """One page of the rows behind a card, with the sums over all of them."""

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


def rows_behind(
    reader: Reader, definition: MetricDefinition, card: ScorecardRow, offset: int, limit: int
) -> RowsBehind | None:
    """Read one page of the rows that a card's numerator and denominator add up.

    Returns None where the definition names no mart, or the mart is not published.
    """
    mart, numerator = definition.rows_mart, definition.rows_numerator
    if not (mart and numerator and reader.has(mart)):
        return None
    denominator = definition.rows_denominator
    counted = counted_columns(definition)
    kinds = _kinds(reader, mart)
    if not set(counted) <= kinds.keys():
        return None
    amounts = (_amount(counted[0], kinds), _amount(counted[-1], kinds))
    condition = _condition(card, kinds, amounts)
    values = {"start": card.period_start, "choice": card.segment_value}
    source = sql.SQL("from {} where {}").format(sql.Identifier(SCHEMA, mart), condition)
    sums = reader.dicts(
        sql.SQL("select count(*) as total, sum({}) as top, sum({}) as base {}").format(
            *amounts, source
        ),
        values,
    )[0]
    columns = shown_columns(definition, kinds, reader.definitions().values())
    page = sql.SQL("select {} {} order by {} offset %(offset)s limit %(limit)s").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), source, _order(columns, amounts[0])
    )
    rows = reader.dicts(page, {**values, "offset": offset, "limit": limit})
    return RowsBehind(
        mart=mart,
        columns=columns,
        rows=tuple(tuple(_clean(row[name]) for name in columns) for row in rows),
        total=sums["total"],
        offset=offset,
        numerator=numerator,
        denominator=denominator,
        numerator_sum=sums["top"],
        denominator_sum=sums["base"] if denominator else None,
        is_segment_known=card.segment == WHOLE_COMPANY or card.segment_name in kinds,
    )


def _kinds(reader: Reader, mart: str) -> dict[str, str]:
    rows = reader.dicts(
        sql.SQL(
            "select column_name, data_type from information_schema.columns where"
            " table_schema = %(schema)s and table_name = %(mart)s order by ordinal_position"
        ),
        {"schema": SCHEMA, "mart": mart},
    )
    return {row["column_name"]: row["data_type"] for row in rows}


def _amount(column: str, kinds: dict[str, str]) -> sql.Composed:
    """A column as something that can be summed: a yes counts one."""
    template = "coalesce({}::int, 0)" if kinds[column] == "boolean" else "coalesce({}, 0)"
    return sql.SQL(template).format(sql.Identifier(column))


def _condition(
    card: ScorecardRow, kinds: dict[str, str], amounts: tuple[sql.Composed, sql.Composed]
) -> sql.Composed:
    """Keep the card's period and segment, and only rows that count in it."""
    parts: list[sql.Composable] = [sql.SQL("({} <> 0 or {} <> 0)").format(*amounts)]
    if "period_start" in kinds:
        parts.append(sql.SQL("period_start = %(start)s::date"))
    if card.segment != WHOLE_COMPANY and card.segment_name in kinds:
        name = sql.Identifier(card.segment_name)
        parts.append(sql.SQL("{}::text = %(choice)s").format(name))
    return sql.SQL(" and ").join(parts)


def _order(columns: tuple[str, ...], amount: sql.Composed) -> sql.Composed:
    """Largest contributions first; every shown column breaks ties, so pages never overlap."""
    positions = sql.SQL(", ").join(sql.SQL(str(place + 1)) for place in range(len(columns)))
    return sql.SQL("{} desc, {}").format(amount, positions)


def _clean(value: Any) -> Any:
    return _ADDRESS.sub("[e-mail]", value) if isinstance(value, str) else value

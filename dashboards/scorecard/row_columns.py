"""Which columns of the rows that a metric counts are shown, wherever they are shown.

Pure functions from a metric's definition and the columns that its rows mart has.
"""

from collections.abc import Iterable, Mapping

from psycopg import sql

from dashboards.scorecard.privacy import PERSONAL
from dashboards.scorecard.records import MetricDefinition

HIDDEN = PERSONAL | {
    "period_start",
    "period_grain",
    "refreshed_at",
    "loaded_at",
    "text_hash",
    "load_id",
}


def counted_columns(item: MetricDefinition) -> tuple[str, ...]:
    """Name the columns that add up to the metric's numerator and denominator."""
    names = (item.rows_numerator, item.rows_denominator)
    return tuple(dict.fromkeys(name for name in names if name))


def amount(column: sql.Identifier, column_type: str) -> sql.Composed:
    """Return a counted column as something that can be summed: a yes counts one."""
    template = "coalesce({}::int, 0)" if column_type == "boolean" else "coalesce({}, 0)"
    return sql.SQL(template).format(column)


def shown_columns(
    item: MetricDefinition, types: Mapping[str, str], metrics: Iterable[MetricDefinition]
) -> tuple[str, ...]:
    """Put what counts last, so that the sums stand under it, and leave other metrics' counts out.

    `types` holds the mart's columns and their types, in order; `metrics` are all that there are.
    """
    counted = counted_columns(item)
    elsewhere = {
        name
        for other in metrics
        if other.rows_mart == item.rows_mart
        for name in counted_columns(other)
    }
    facts = (
        name
        for name, column_type in types.items()
        if name not in HIDDEN and name not in elsewhere and column_type != "boolean"
    )
    return (*(name for name in facts if name not in counted), *counted)

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


def counted_columns(
    item: MetricDefinition, types: Mapping[str, str], segment_name: str = ""
) -> tuple[str, ...]:
    """Name the columns that add up to the metric's numerator and denominator.

    Where the parts don't make the whole, the mart has columns of the segment's own beside the
    whole's: is_counted_by_brand.
    """
    names = (name for name in (item.rows_numerator, item.rows_denominator) if name)
    pairs = ((name, f"{name}_by_{segment_name}") for name in names)
    return tuple(dict.fromkeys(own if own in types else name for name, own in pairs))


def with_segments(counted: tuple[str, ...], types: Mapping[str, str]) -> tuple[str, ...]:
    """Add to the columns of the whole those of the mart's segments."""
    return (*counted, *(name for name in types if "_by_" in name and _whole(name) in counted))


def _whole(name: str) -> str:
    return name.partition("_by_")[0]


def amount(column: sql.Identifier, column_type: str) -> sql.Composed:
    """Return a counted column as something that can be summed: a yes counts one."""
    template = "coalesce({}::int, 0)" if column_type == "boolean" else "coalesce({}, 0)"
    return sql.SQL(template).format(column)


def shown_columns(
    item: MetricDefinition,
    types: Mapping[str, str],
    metrics: Iterable[MetricDefinition],
    counted: tuple[str, ...],
) -> tuple[str, ...]:
    """Put what counts last, so that the sums stand under it, and leave other metrics' counts out.

    `types` holds the mart's columns and their types, in order; `metrics` are all that there are.
    """
    elsewhere = {
        name
        for other in metrics
        if other.rows_mart == item.rows_mart
        for name in counted_columns(other, types)
    }
    facts = (
        name
        for name, column_type in types.items()
        if name not in HIDDEN and _whole(name) not in elsewhere and column_type != "boolean"
    )
    return (*(name for name in facts if name not in counted), *counted)

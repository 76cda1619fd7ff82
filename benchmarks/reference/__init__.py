"""The retention metrics by hand-written DuckDB SQL, over the same Parquet as the warehouse.

What an expert would measure the transformation by, in seconds and in figures.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

METRICS = ("retention_rate", "repeat_purchase_rate", "net_revenue_retention", "cohort_retention")
SEGMENTS = ("company", "brand", "channel", "month_k")
_STATEMENTS = ("persons.sql", "figures.sql")

Figures = Mapping[tuple[str, ...], tuple[float, float]]


def figures(orders: Path) -> Figures:
    """Return numerator and denominator by metric, month and segment; `orders` is a pattern."""
    import duckdb

    with duckdb.connect() as connection:
        connection.read_parquet(str(orders)).create_view("orders")
        for name in _STATEMENTS:
            statement = Path(__file__).with_name(name).read_text(encoding="utf-8")
            connection.execute(statement)
        return _by_key(connection.fetchall())


def exported(rows: Iterable[Mapping[str, Any]]) -> Figures:
    """Return the same of a scorecard's exported rows."""
    keys = ("metric_id", "period_start", "segment_name", "segment_value")
    return _by_key(
        (*(row[key] for key in keys), row["numerator"], row["denominator"])
        for row in rows
        if row["metric_id"] in METRICS and row["segment_name"] in SEGMENTS
    )


def differences(ours: Figures, theirs: Figures) -> list[str]:
    """Name every figure that is not the same in both, in words for a person."""
    return [
        f"{' '.join(key)}: exported {ours.get(key)}, by hand {theirs.get(key)}"
        for key in sorted(ours.keys() | theirs.keys())
        if ours.get(key) != theirs.get(key)
    ]


def _by_key(rows: Iterable[tuple]) -> Figures:
    """Leave out what nobody was counted for: that is a row of zeros on one side alone."""
    return {
        tuple(map(str, key)): (float(numerator), float(denominator))
        for *key, numerator, denominator in rows
        if denominator
    }

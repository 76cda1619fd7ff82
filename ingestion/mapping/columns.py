"""One column of an entity, read from records: its values, and which records fail and why."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping import conditions
from ingestion.mapping.convert.durations import durations
from ingestion.mapping.convert.types import Failures, as_utc, broken_limits, failure, typed
from ingestion.mapping.convert.zones import MICROSECONDS, in_calendar
from ingestion.mapping.declarations import ColumnMapping, Duration, EntityMapping
from ingestion.mapping.expressions import Lookups, evaluate, number_text
from ingestion.mapping.records import Records


def read(
    column: ColumnMapping, entity: EntityMapping, records: Records, lookups: Lookups
) -> tuple[pa.Array, Failures]:
    """Return a column in its contract's type, and what of it can't be read or isn't allowed."""
    values, failures = _chosen(column, entity, records, lookups)
    return values, failures + broken_limits(values, column.target)


def _chosen(
    column: ColumnMapping, entity: EntityMapping, records: Records, lookups: Lookups
) -> tuple[pa.Array, Failures]:
    """Read a column as its choices say: the first whose condition is met counts.

    So they are gone through from the last one, and each beats those that were.
    """
    values, failures = _own(column, records, lookups)
    for choice in reversed(column.choices):
        met, undecided = conditions.answer(choice.condition, entity, records)
        chosen, failed = _chosen(choice.column, entity, records, lookups)
        is_met = np.asarray(pc.fill_null(met, False))
        values = pc.if_else(pa.array(is_met), chosen, values)
        failures = _where(~is_met, failures) + _where(is_met, failed)
        name = choice.condition.column
        failures += [(mask, f"depends on {name}, which {reason}") for mask, reason in undecided]
    return values, failures


def _where(rows: np.ndarray, failures: Failures) -> Failures:
    kept = [(mask & rows, reason) for mask, reason in failures]
    return [(mask, reason) for mask, reason in kept if mask.any()]


def _own(column: ColumnMapping, records: Records, lookups: Lookups) -> tuple[pa.Array, Failures]:
    """Read a column as if it had no choices."""
    texts, failures = evaluate(column, records, lookups)
    values, unread = typed(texts, column.target, column.notation)
    failures += unread
    if column.duration:
        values, failed = _later(values, column, column.duration, records)
        failures += failed
    return values, failures


def _later(
    times: pa.Array, column: ColumnMapping, duration: Duration, records: Records
) -> tuple[pa.Array, Failures]:
    """Add a duration to times; without the one or the other there is no time."""
    texts = number_text(duration.field, records, column)
    micros = durations(texts, duration.unit, column.notation)
    unread = pc.and_(pc.is_valid(texts), pc.is_null(micros))
    sums = pc.add(pc.cast(times, pa.int64()), micros)
    later = as_utc(in_calendar(pc.cast(sums, MICROSECONDS)))
    lost = pc.and_(pc.is_valid(sums), pc.is_null(later))
    reason = f"adds {duration.field}, which is not a duration ({duration.unit})"
    return later, failure(unread, reason) + failure(lost, "is a time that no calendar has")

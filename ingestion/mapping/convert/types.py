"""Text into the contract's types, whole columns at once.

Each conversion returns the values and, for every way in which a row can fail, a mask of the
rows that fail and a reason in plain words. No value becomes null silently.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column, Type
from ingestion.mapping.convert import numbers, times, zones
from ingestion.mapping.declarations import Notation
from ingestion.rows import (
    ARROW_TYPES,
    EARLIEST_MOMENT,
    LIES_AHEAD,
    LIES_TOO_EARLY,
    latest_moment,
)

TRUE = ("true", "t", "yes", "y", "1", "1.0")
FALSE = ("false", "f", "no", "n", "0", "0.0")
REASONS = {
    Type.INTEGER: "is not a whole number",
    Type.DECIMAL: "is not a number",
    Type.BOOLEAN: "is not true or false",
    Type.DATE: "is not a date in the expected format",
    Type.TIMESTAMP: "is not a time in the expected format",
}
TOO_LONG = "is a number of too many digits"

Failures = list[tuple[np.ndarray, str]]


def convert(texts: pa.Array, target: Column, notation: Notation) -> tuple[pa.Array, Failures]:
    """Turn a column into its contract's type, within its limits; null stays null."""
    values, failures = typed(texts, target, notation)
    return values, failures + broken_limits(values, target)


def typed(texts: pa.Array, target: Column, notation: Notation) -> tuple[pa.Array, Failures]:
    """Turn a column into its contract's type, whatever its limits; null stays null."""
    if pa.types.is_null(texts.type):
        return pa.nulls(len(texts), ARROW_TYPES[target.type]), []
    values = _converted(texts, target, notation)
    return values, _unread(texts, values, target, notation)


def broken_limits(values: pa.Array, column: Column) -> Failures:
    """Return which values the contract doesn't allow; a required one that is missing is none."""
    return list(_broken_limits(values, column))


def failure(mask: pa.Array, reason: str) -> Failures:
    """Return what fails for a reason; nothing if no row does."""
    failed = np.asarray(pc.fill_null(mask, False))
    return [(failed, reason)] if failed.any() else []


def _unread(texts: pa.Array, values: pa.Array, target: Column, notation: Notation) -> Failures:
    mask = pc.and_(pc.is_valid(texts), pc.is_null(values))
    failures = failure(mask, REASONS.get(target.type, "can't be read"))
    if not failures or not target.is_number:
        return failures
    overlong = numbers.is_overlong(texts, notation)
    others = pc.and_not(mask, overlong)
    return failure(pc.and_(mask, overlong), TOO_LONG) + failure(others, REASONS[target.type])


def _converted(texts: pa.Array, target: Column, notation: Notation) -> pa.Array:
    kind = target.type
    if kind is Type.TEXT:
        return pc.cast(texts, pa.string())
    if target.is_moment:
        return _moments(texts, target, notation)
    if kind is Type.DECIMAL:
        return numbers.decimals(texts, notation)
    if kind is Type.INTEGER:
        return numbers.integers(texts, notation)
    return booleans(texts)


def _moments(texts: pa.Array, target: Column, notation: Notation) -> pa.Array:
    is_date = target.type is Type.DATE
    if pa.types.is_temporal(texts.type):
        return _typed_moments(texts, notation, is_date)
    zone = "UTC" if is_date else notation.time_zone
    texts = pc.cast(texts, pa.string())
    utc, local = times.parse(texts, notation.formats or (times.ISO,), zone)
    return pc.cast(pc.floor_temporal(local), pa.date32()) if is_date else as_utc(utc)


def _typed_moments(values: pa.Array, notation: Notation, is_date: bool) -> pa.Array:
    """Read typed dates and times; those that no calendar has become null."""
    values = zones.typed_in_calendar(values)
    if is_date:
        return pc.cast(values, pa.date32(), safe=False)
    if getattr(values.type, "tz", None):
        return pc.cast(values, ARROW_TYPES[Type.TIMESTAMP], safe=False)
    local = pc.cast(pc.cast(values, pa.timestamp("us"), safe=False), pa.timestamp("us"))
    return as_utc(zones.to_utc(local, notation.time_zone))


def as_utc(values: pa.Array) -> pa.Array:
    """Say of times without a zone that they are UTC."""
    return pc.cast(pc.cast(values, pa.int64()), ARROW_TYPES[Type.TIMESTAMP])


def booleans(values: pa.Array) -> pa.Array:
    """Read true and false, in each of the usual spellings."""
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(pc.cast(values, pa.string())))
    is_true = pc.is_in(lower, pa.array(TRUE))
    is_known = pc.or_(is_true, pc.is_in(lower, pa.array(FALSE)))
    return pc.if_else(is_known, is_true, None)


def _broken_limits(values: pa.Array, column: Column) -> Iterator[tuple[np.ndarray, str]]:
    if column.required:
        yield from failure(pc.is_null(values), "is required and empty")
    if column.values:
        known = pc.is_in(values, pa.array(column.values))
        yield from failure(
            pc.and_(pc.is_valid(values), pc.invert(known)),
            f"is none of {', '.join(column.values)}",
        )
    if column.minimum is not None:
        least = pa.scalar(column.minimum).cast(values.type, safe=False)
        yield from failure(pc.less(values, least), f"is less than {column.minimum:g}")
    if column.above is not None:
        bound = pa.scalar(column.above).cast(values.type, safe=False)
        yield from failure(pc.less_equal(values, bound), f"is not above {column.above:g}")
    if column.maximum is not None:
        most = pa.scalar(column.maximum).cast(values.type, safe=False)
        yield from failure(pc.greater(values, most), f"is more than {column.maximum:g}")
    if column.is_moment:
        earliest = pa.scalar(EARLIEST_MOMENT).cast(values.type)
        yield from failure(pc.less(values, earliest), LIES_TOO_EARLY)
    if column.type is Type.TIMESTAMP and not column.is_planned:
        latest = pa.scalar(latest_moment(), ARROW_TYPES[Type.TIMESTAMP])
        yield from failure(pc.greater(values, latest), LIES_AHEAD)

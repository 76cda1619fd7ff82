"""Local times into UTC, whole columns at once, within the calendar that databases know."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

QUARTER = 900_000_000  # microseconds; every zone changes on a quarter of an hour
DAY = 96 * QUARTER
CALENDAR = (-719_162 * DAY, 2_932_897 * DAY)  # from the year 1 until the end of 9999
MICROSECONDS = pa.timestamp("us")
UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def to_utc(local: pa.Array, zone: str, offset: pa.Array | None = None) -> pa.Array:
    """Turn local times into UTC by their own offset (in microseconds), else by the zone's."""
    if offset is None:
        offset = _zone_offsets(local, zone)
    elif offset.null_count:
        offset = pc.coalesce(offset, _zone_offsets(local, zone))
    micros = pc.subtract(pc.cast(local, pa.int64()), offset)
    return in_calendar(pc.cast(micros, MICROSECONDS))


def in_calendar(moments: pa.Array) -> pa.Array:
    """Keep the times that have a date; others, such as those of the year 0, become null."""
    return pc.cast(within(pc.cast(moments, pa.int64()), CALENDAR), MICROSECONDS)


def typed_in_calendar(values: pa.Array) -> pa.Array:
    """Keep the typed dates and times that have a date: casts make wrong ones of the others."""
    kind = values.type
    if pa.types.is_date32(kind):
        numbers, unit = pc.cast(pc.cast(values, pa.int32()), pa.int64()), DAY
    elif pa.types.is_date64(kind) or kind.unit != "ns":  # in nanoseconds all have one
        numbers = pc.cast(values, pa.int64())
        unit = UNITS["ms" if pa.types.is_date64(kind) else kind.unit]
    else:
        return values
    first, end = CALENDAR
    is_kept = pc.is_valid(within(numbers, (-(-first // unit), -(-end // unit))))
    return pc.if_else(is_kept, values, None)


def within(micros: pa.Array, bounds: tuple[int, int]) -> pa.Array:
    """Keep the numbers from the first bound on and below the second; others become null."""
    first, end = bounds
    return pc.if_else(pc.and_(pc.greater_equal(micros, first), pc.less(micros, end)), micros, None)


def _zone_offsets(local: pa.Array, zone: str) -> pa.Array:
    """Look up a zone's offset once for each day, and each quarter on days when it changes."""
    if zone == "UTC":
        return pa.array(np.zeros(len(local), np.int64))
    micros = np.asarray(pc.fill_null(pc.cast(local, pa.int64()), 0))
    days, row_day = np.unique(micros // DAY, return_inverse=True)
    at_start = np.array([_offset(zone, int(day) * DAY) for day in days], np.int64)
    at_end = np.array([_offset(zone, int(day + 1) * DAY) for day in days], np.int64)
    offsets = at_start[row_day]
    changing = np.flatnonzero((at_start != at_end)[row_day])
    quarters, row_quarter = np.unique(micros[changing] // QUARTER, return_inverse=True)
    closely = np.array([_offset(zone, int(each) * QUARTER) for each in quarters], np.int64)
    offsets[changing] = closely[row_quarter]
    return pa.array(offsets)


@lru_cache(maxsize=100_000)
def _offset(zone: str, micros: int) -> int:
    first, end = CALENDAR
    if not first + DAY <= micros < end - DAY:
        return 0
    moment = datetime(1970, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(microseconds=micros)
    offset = moment.utcoffset()
    return int(offset.total_seconds()) * 1_000_000 if offset else 0

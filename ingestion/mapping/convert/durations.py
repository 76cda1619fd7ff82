"""Text into durations in microseconds, whole columns at once; what is none becomes null."""

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.convert.numbers import decimals
from ingestion.mapping.convert.zones import DAY, within
from ingestion.mapping.declarations import Notation

SECOND = 1_000_000
COUNTS = {"seconds": SECOND, "minutes": 60 * SECOND, "hours": 3_600 * SECOND, "days": DAY}
# What each of a clock's numbers counts; the first may have any number of digits.
CLOCKS = {
    "hh:mm:ss": (3_600 * SECOND, 60 * SECOND, SECOND),
    "hh:mm": (3_600 * SECOND, 60 * SECOND),
    "mm:ss": (60 * SECOND, SECOND),
}
LIMITS = (0, 36_525 * DAY)  # a century


def durations(texts: pa.Array, unit: str, notation: Notation) -> pa.Array:
    """Read durations in one of the units of `COUNTS` and `CLOCKS`; none is below 0."""
    if unit in COUNTS:
        numbers = pc.cast(decimals(texts, notation), pa.float64())
        return _whole(pc.multiply(numbers, float(COUNTS[unit])))
    found = pc.extract_regex(pc.cast(texts, pa.string()), _pattern(unit))
    micros = pa.repeat(0.0, len(texts))
    for position, factor in enumerate(CLOCKS[unit]):
        number = pc.cast(pc.struct_field(found, [position]), pa.float64())
        micros = pc.add(micros, pc.multiply(number, float(factor)))
    return _whole(micros)


def _whole(micros: pa.Array) -> pa.Array:
    return pc.cast(within(pc.round(micros), LIMITS), pa.int64())


@cache
def _pattern(unit: str) -> str:
    first, *others = unit.split(":")
    groups = [rf"(?P<{first}>\d{{1,7}})", *(rf"(?P<{name}>[0-5]\d)" for name in others)]
    if unit.endswith("ss"):
        groups[-1] = r"(?P<ss>[0-5]\d(?:\.\d{1,9})?)"
    return rf"^\s*{':'.join(groups)}\s*$"

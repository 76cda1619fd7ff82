"""Text into points in time, whole columns at once.

Formats are strptime's, compiled to one regular expression each, because the C library's
strptime accepts 30 February and reads neither fractions of seconds nor time zones.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.convert.zones import DAY, MICROSECONDS, in_calendar, to_utc, within

ISO = "iso"
UNIX = {"unix": 1_000_000, "unix_ms": 1_000}
OFFSET = r"[+-](?:0\d|1[0-5])(?::?[0-5]\d)?"  # no zone was ever 16 hours from UTC
ISO_PATTERN = (
    r"(?P<Y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
    r"(?:[T ](?P<H>\d{2})(?::(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    rf" ?(?P<z>Z|z|UTC|{OFFSET})?)?)?"
)
DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "f": r"(?P<f>\d{1,9})",
    "z": rf"(?P<z>Z|z|UTC|GMT|{OFFSET})",
    "b": r"(?P<b>[A-Za-z]{3})",
    "B": r"(?P<b>[A-Za-z]{3,9})",
    "p": r"(?P<p>[AaPp]\.?[Mm]\.?)",
    "a": r"[A-Za-z]{3}",
    "A": r"[A-Za-z]{6,9}",
    "%": "%",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
UNIX_YEARS = (-25_567 * DAY, 84_006 * DAY)  # 1900 to 2199; a number beyond is in another unit


def format_problem(form: str) -> tuple[str, str] | None:
    """Return what is wrong with a time format, and what to do; None if nothing is."""
    if form == ISO or form in UNIX:
        return None
    used = set(re.findall("%(.)", form))
    if not used or used - DIRECTIVES.keys():
        known = ", ".join(f"%{name}" for name in DIRECTIVES)
        return "is not a time format", f'Use "iso", "unix", "unix_ms", or one made of {known}'
    if not used & {"Y", "y"}:
        return "has no year", "Add %Y or %y: a time without it can't be placed"
    if "I" in used and "p" not in used:
        return "has hours from 1 to 12, and no %p", "Use %H, or add %p for AM and PM"
    return None


def parse(texts: pa.Array, formats: Sequence[str], zone: str) -> tuple[pa.Array, pa.Array]:
    """Read texts as UTC timestamps by the first format that fits; null where none does.

    Also return the local times as they were written, for dates. A time without an offset is
    in `zone`. When clocks go back, the first of two equal times is meant; a time that they
    skipped is moved forward. The first and the last day of the calendar, which mean "never" and
    "for ever", are the same in every zone.
    """
    utc = pa.nulls(len(texts), MICROSECONDS)
    local = utc
    for form in formats:
        todo = pc.and_(pc.is_valid(texts), pc.is_null(local))
        if not pc.any(todo).as_py():
            break
        found, offset = _parse_one(pc.if_else(todo, texts, None), form)
        found = in_calendar(found)
        local = pc.coalesce(local, found)
        utc = pc.coalesce(utc, to_utc(found, zone, offset))
    return utc, local


def _parse_one(texts: pa.Array, form: str) -> tuple[pa.Array, pa.Array | None]:
    """Return local times, and their offsets in microseconds where they carry one."""
    if form in UNIX:
        return _from_unix(texts, UNIX[form]), pa.array(np.zeros(len(texts), np.int64))
    if form == ISO and (plain := _plain_iso(texts)) is not None:
        return plain, None
    if form == ISO and (universal := _universal_iso(texts)) is not None:
        return universal, pa.array(np.zeros(len(texts), np.int64))
    return _from_groups(texts, _pattern(form))


def _plain_iso(texts: pa.Array) -> pa.Array | None:
    """Try Arrow's fast cast, which needs every text to be a full ISO time without an offset."""
    try:
        return pc.cast(texts, MICROSECONDS)
    except pa.ArrowInvalid:
        return None


def _universal_iso(texts: pa.Array) -> pa.Array | None:
    """Try Arrow's fast cast for texts that all end in Z."""
    if not pc.all(pc.ends_with(texts, "Z")).as_py():
        return None
    try:
        return pc.cast(pc.cast(texts, pa.timestamp("us", "UTC")), MICROSECONDS)
    except pa.ArrowInvalid:
        return None


def _from_unix(texts: pa.Array, factor: int) -> pa.Array:
    is_number = pc.match_substring_regex(texts, r"^-?\d{1,14}(\.\d+)?$")
    numbers = pc.cast(pc.if_else(is_number, texts, None), pa.float64())
    micros = within(pc.round(pc.multiply(numbers, float(factor))), UNIX_YEARS)
    return pc.cast(pc.cast(micros, pa.int64()), MICROSECONDS)


@cache
def _pattern(form: str) -> str:
    if form == ISO:
        return rf"^\s*{ISO_PATTERN}\s*$"
    parts = re.split(r"%(.)", form)
    for position, part in enumerate(parts):
        parts[position] = DIRECTIVES[part] if position % 2 else re.escape(part)
    return rf"^\s*{''.join(parts)}\s*$"


def _from_groups(texts: pa.Array, pattern: str) -> tuple[pa.Array, pa.Array]:
    found = pc.extract_regex(texts, pattern)
    valid = np.asarray(pc.is_valid(found))
    groups = {
        found.type.field(index).name: pc.struct_field(found, [index])
        for index in range(found.type.num_fields)
    }
    days, is_day = _days(groups, len(texts))
    micros, is_time = _time_of_day(groups, len(texts))
    offset, has_offset = _offsets(groups, len(texts))
    valid = valid & is_day & is_time
    local = pa.array(days * DAY + micros, mask=~valid).cast(MICROSECONDS)
    return local, pa.array(offset, mask=~has_offset)


def _days(groups: dict[str, pa.Array], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return days since 1970, and which of them exist."""
    year = _numbers(groups, "Y", size, 1970)
    if "y" in groups:
        short = _numbers(groups, "y", size, 70)
        year = np.where(short < 69, 2000 + short, 1900 + short)
    month = _months(groups["b"]) if "b" in groups else _numbers(groups, "m", size, 1)
    day = _numbers(groups, "d", size, 1)
    first = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int)
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    return first.astype("datetime64[D]").astype(np.int64) + day - 1, exists


def _months(names: pa.Array) -> np.ndarray:
    short = pc.utf8_lower(pc.utf8_slice_codeunits(names, 0, 3))
    found = pc.index_in(short, pa.array(MONTHS))
    return np.asarray(pc.fill_null(pc.add(found, 1), 0)).astype(np.int64)


def _time_of_day(groups: dict[str, pa.Array], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return microseconds since midnight, and which of them exist."""
    hour = _numbers(groups, "H", size, 0)
    exists = hour < 24
    if "I" in groups:
        twelve = _numbers(groups, "I", size, 12)
        exists &= (twelve >= 1) & (twelve <= 12)
        hour = twelve % 12
    if "p" in groups:
        hour = hour % 12 + 12 * np.asarray(
            pc.fill_null(pc.starts_with(pc.utf8_lower(groups["p"]), "p"), False)
        )
    minute, second = _numbers(groups, "M", size, 0), _numbers(groups, "S", size, 0)
    exists &= (minute < 60) & (second < 60)
    micros = np.zeros(size, np.int64)
    if "f" in groups:
        digits = pc.utf8_slice_codeunits(pc.utf8_rpad(groups["f"], 6, "0"), 0, 6)
        micros = _numbers({"f": digits}, "f", size, 0)
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros, exists


def _offsets(groups: dict[str, pa.Array], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return offsets from UTC in microseconds, and which rows carry one."""
    if "z" not in groups:
        return np.zeros(size, np.int64), np.zeros(size, bool)
    has_offset = np.asarray(pc.fill_null(pc.not_equal(groups["z"], ""), False))
    digits = pc.replace_substring(groups["z"], ":", "")
    parts = pc.extract_regex(digits, r"^(?P<s>[+-])(?P<h>\d{2})(?P<m>\d{2})?$")
    named = {name: pc.struct_field(parts, name) for name in "shm"}
    minutes = _numbers(named, "h", size, 0) * 60 + _numbers(named, "m", size, 0)
    sign = np.where(np.asarray(pc.fill_null(pc.equal(named["s"], "-"), False)), -1, 1)
    return sign * minutes * 60_000_000, has_offset


def _numbers(groups: dict[str, pa.Array], name: str, size: int, default: int) -> np.ndarray:
    if name not in groups:
        return np.full(size, default, np.int64)
    digits = groups[name]
    empty = pc.or_kleene(pc.is_null(digits), pc.equal(digits, ""))
    filled = pc.if_else(pc.fill_null(empty, True), str(default), digits)
    return np.asarray(pc.cast(filled, pa.int64()))

"""Text into numbers, whole columns at once; what is no number becomes null."""

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Type
from ingestion.sources.base import ARROW_TYPES

DECIMAL = ARROW_TYPES[Type.DECIMAL]
PLACES = 9
WIDE = pa.decimal256(76, 30)
FACTOR = pa.decimal256(28, PLACES)


def plain(texts: pa.Array, decimal: str, thousands: str | None) -> pa.Array:
    """Write numbers with a point, and without thousands separators."""
    if thousands:
        texts = pc.replace_substring(texts, thousands, "")
    return texts if decimal == "." else pc.replace_substring(texts, decimal, ".")


def decimals(texts: pa.Array) -> pa.Array:
    """Read decimals, rounded to the nine places that are kept."""
    try:
        return pc.cast(texts, DECIMAL)
    except pa.ArrowInvalid:
        return _rounded(pc.utf8_trim_whitespace(texts))


def integers(texts: pa.Array) -> pa.Array:
    """Read whole numbers; 3.0 is one, 3.5 is not."""
    try:
        return pc.cast(texts, pa.int64())
    except pa.ArrowInvalid:
        pattern = r"^\s*\+?(-?\d{1,18})(\.0*)?\s*$"
        is_whole = pc.match_substring_regex(texts, pattern)
        digits = pc.replace_substring_regex(texts, pattern, r"\1")
        return pc.cast(pc.if_else(is_whole, digits, None), pa.int64())


def product(columns: list[pa.Array]) -> pa.Array:
    """Multiply columns of text; where one of them is no number, that text is the answer."""
    result: pa.Array | None = None
    wrong = pa.nulls(len(columns[0]), pa.string())
    for texts in columns:
        factor = decimals(texts)
        wrong = pc.coalesce(wrong, pc.if_else(pc.is_null(factor), texts, None))
        narrow = pc.cast(factor, FACTOR)
        result = narrow if result is None else pc.cast(_times(result, narrow), FACTOR)
    return pc.coalesce(wrong, pc.cast(result, pa.string()))


def _times(left: pa.Array, right: pa.Array) -> pa.Array:
    return pc.cast(pc.round(pc.multiply(left, right), PLACES), DECIMAL, safe=False)


def _rounded(texts: pa.Array) -> pa.Array:
    is_number = pc.match_substring_regex(texts, r"^[+-]?(\d{1,20}\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$")
    numbers = pc.if_else(is_number, texts, None)
    is_scientific = pc.match_substring_regex(numbers, "[eE]")
    floats = pc.cast(pc.if_else(is_scientific, numbers, None), pa.float64())
    in_range = pc.less(pc.abs(floats), 1e20)
    digits = pc.replace_substring_regex(
        pc.if_else(is_scientific, None, numbers), r"(\.\d{30})\d+", r"\1"
    )
    exact = pc.cast(pc.round(pc.cast(digits, WIDE), PLACES), DECIMAL, safe=False)
    return pc.coalesce(exact, pc.cast(pc.if_else(in_range, floats, None), DECIMAL))

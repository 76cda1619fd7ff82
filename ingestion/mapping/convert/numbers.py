"""Text into numbers, whole columns at once; what is not a number becomes null.

Text is read in the notation of its source, the signs `decimal` and `thousands`, and in no
other. A number in brackets is below 0 in every notation. Typed numbers have no notation.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Type
from ingestion.mapping.declarations import Notation
from ingestion.rows import ARROW_TYPES

DECIMAL = ARROW_TYPES[Type.DECIMAL]
PLACES = 9
DIGITS = 19  # before the decimal sign, as many as a whole number may have
LIMIT = pa.scalar(10**DIGITS, DECIMAL)
WIDE = pa.decimal256(76, 30)
FACTOR = pa.decimal256(DIGITS + PLACES, PLACES)
WHOLE = pa.decimal128(DIGITS, 0)
LEAST, MOST = (pa.scalar(bound, WHOLE) for bound in (-(2**63), 2**63 - 1))


def is_numeric(kind: pa.DataType) -> bool:
    """Return whether a type is one of numbers, and not of their text."""
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def is_kept(number: Decimal) -> bool:
    """Return whether a number has no more digits than those that are kept."""
    return abs(number) < 10**DIGITS and round(number, PLACES) == number


def decimals(values: pa.Array, notation: Notation) -> pa.Array:
    """Read decimals of up to `DIGITS` digits, rounded to the nine places that are kept."""
    texts = _plain(values, notation)
    try:
        numbers = pc.cast(texts, DECIMAL)
    except pa.ArrowInvalid:
        numbers = _rounded(_signed(pc.utf8_trim_whitespace(texts)))
    return pc.if_else(pc.less(pc.abs(numbers), LIMIT), numbers, None)


def integers(values: pa.Array, notation: Notation) -> pa.Array:
    """Read whole numbers; 3.0 is one, 3.5 is not."""
    texts = _plain(values, notation)
    try:
        return pc.cast(texts, pa.int64())
    except pa.ArrowInvalid:
        texts = _signed(pc.utf8_trim_whitespace(texts))
        pattern = r"^\+?(-?)0*(\d{1,19})(\.0*)?$"
        is_whole = pc.match_substring_regex(texts, pattern)
        digits = pc.replace_substring_regex(texts, pattern, r"\1\2")
        numbers = pc.cast(pc.if_else(is_whole, digits, None), WHOLE)
        fits = pc.and_(pc.greater_equal(numbers, LEAST), pc.less_equal(numbers, MOST))
        return pc.cast(pc.if_else(fits, numbers, None), pa.int64())


def product(columns: Sequence[pa.Array], notation: Notation) -> pa.Array:
    """Multiply columns, and write the product in their notation.

    Where one of them is not a number, its text is returned, so that the reject can quote it.
    A product of more than `DIGITS` digits is written out, and can't be read.
    """
    return _combined(columns, [decimals(values, notation) for values in columns], _times, notation)


def total(columns: Sequence[pa.Array], signs: Sequence[int], notation: Notation) -> pa.Array:
    """Add columns, or take them off where the sign is -1; else like `product`."""
    terms = [decimals(values, notation) for values in columns]
    signed = [
        term if sign > 0 else pc.negate(term) for term, sign in zip(terms, signs, strict=True)
    ]
    return _combined(columns, signed, pc.add, notation)


def written(plain: pa.Array, decimal: str) -> pa.Array:
    """Write numbers that have a point with the source's decimal sign."""
    return plain if decimal == "." else pc.replace_substring(plain, ".", decimal)


def is_overlong(values: pa.Array, notation: Notation) -> pa.Array:
    """Return which values that could not be read are numbers, but of too many digits."""
    plain = _signed(_plain(values, notation))
    found = pc.match_substring_regex(plain, rf"^\s*[+-]?\d{{{DIGITS},}}(\.\d*)?\s*$")
    return pc.fill_null(found, False)


def _plain(values: pa.Array, notation: Notation) -> pa.Array:
    """Write numbers with a point alone; text in another notation becomes null."""
    decimal, thousands = notation.decimal, notation.thousands
    texts = pc.cast(values, pa.string())
    if is_numeric(values.type) or (decimal == "." and not thousands):
        return texts
    texts = _signed(pc.utf8_trim_whitespace(texts))
    is_number = pc.match_substring_regex(texts, _grammar(decimal, thousands))
    texts = pc.if_else(is_number, texts, None)
    if thousands:
        texts = pc.replace_substring(texts, thousands, "")
    return texts if decimal == "." else pc.replace_substring(texts, decimal, ".")


@cache
def _grammar(decimal: str, thousands: str | None) -> str:
    """Describe a number in a notation, with groups of three digits or none.

    In India the groups before the last three digits are of two. If both signs are the same, it
    separates thousands: there are no fractions then.
    """
    point, between = re.escape(decimal), re.escape(thousands or "")
    whole = r"\d+"
    if thousands:
        indian = rf"\d{{1,2}}(?:{between}\d{{2}})+{between}\d{{3}}"
        whole = rf"\d{{1,3}}(?:{between}\d{{3}})+|{indian}|\d+"
    if decimal == thousands:
        return rf"^[+-]?(?:{whole})$"
    return rf"^[+-]?(?:(?:{whole})(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d{{1,2}})?$"


def _signed(texts: pa.Array) -> pa.Array:
    """Write a minus for the brackets in which accountants put what is below 0."""
    return pc.replace_substring_regex(texts, r"^\(\s*([^\s()+-][^()+-]*?)\s*\)$", r"-\1")


def _combined(
    columns: Sequence[pa.Array],
    numbers: Sequence[pa.Array],
    combine: Callable[[pa.Array, pa.Array], pa.Array],
    notation: Notation,
) -> pa.Array:
    """Combine the numbers of columns one by one; see `product`."""
    unread = [
        pc.if_else(pc.is_null(number), pc.cast(values, pa.string()), None)
        for number, values in zip(numbers, columns, strict=True)
    ]
    result, overlong = pc.cast(numbers[0], FACTOR), pa.nulls(len(numbers[0]), pa.string())
    for number in numbers[1:]:
        result, longer = _kept(combine(result, pc.cast(number, FACTOR)))
        overlong = pc.coalesce(overlong, longer)
    texts = pc.coalesce(overlong, pc.cast(result, pa.string()))
    return pc.coalesce(*unread, written(texts, notation.decimal))


def _times(left: pa.Array, right: pa.Array) -> pa.Array:
    return pc.round(pc.multiply(left, right), PLACES)


def _kept(exact: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the numbers that are kept, and those of too many digits as text."""
    fits = pc.less(pc.abs(exact), LIMIT)
    overlong = pc.cast(pc.if_else(fits, None, exact), pa.string())
    return pc.cast(pc.if_else(fits, exact, None), FACTOR), overlong


def _rounded(texts: pa.Array) -> pa.Array:
    pattern = rf"^[+-]?(0*\d{{1,{DIGITS}}}(\.\d*)?|\.\d+)([eE][+-]?\d{{1,2}})?$"
    numbers = pc.if_else(pc.match_substring_regex(texts, pattern), texts, None)
    is_scientific = pc.match_substring_regex(numbers, "[eE]")
    floats = pc.cast(pc.if_else(is_scientific, numbers, None), pa.float64())
    in_range = pc.less(pc.abs(floats), float(10**DIGITS))
    digits = pc.replace_substring_regex(
        pc.if_else(is_scientific, None, numbers), r"(\.\d{30})\d+", r"\1"
    )
    exact = pc.cast(pc.round(pc.cast(digits, WIDE), PLACES), DECIMAL)
    return pc.coalesce(exact, pc.cast(pc.if_else(in_range, floats, None), DECIMAL))

"""Parquet's many types as the few that mappings know: text, numbers, booleans, dates and times."""

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.sources.files.nested import as_json

KNOWN = (
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_date,
    pa.types.is_timestamp,
)
TEXTS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
    pa.types.is_fixed_size_binary,
    pa.types.is_time,
)


def plain(values: pa.Array, is_moment: bool) -> pa.Array:
    """Return a column in a type that mappings know; ValueError says why it has none.

    Where a date or time is wanted (`is_moment`), all but dates and times become text, which
    the column's `format` reads.
    """
    if pa.types.is_dictionary(values.type):
        values = pc.dictionary_decode(values)
    kind = values.type
    if pa.types.is_nested(kind):
        return as_json(values)
    if any(is_text(kind) for is_text in TEXTS):
        return _text(values)
    if not any(is_known(kind) for is_known in KNOWN):
        raise ValueError(f"has the type {kind}, which can't be read")
    if pa.types.is_floating(kind):
        values = _whole(values)
    is_text_wanted = is_moment and not pa.types.is_temporal(kind)
    return pc.cast(values, pa.string()) if is_text_wanted else values


def _text(values: pa.Array) -> pa.Array:
    try:
        return pc.cast(values, pa.string())
    except pa.ArrowInvalid:
        raise ValueError("holds bytes that are no text in UTF-8") from None


def _whole(values: pa.Array) -> pa.Array:
    """Make floats whole numbers if all of them are: as text they have no exponent then."""
    try:
        return pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return values

"""A column mapping applied to records: where the text comes from and how it is rewritten.

The order is fixed: origin, null values, HTML, strip, case, replace, pattern, lookup, map, default.
An empty text is no value, wherever it comes from, and neither is one of blanks. Types come after,
in `columns`: until then, text has the notation of the source.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.convert.markup import plain_text
from ingestion.mapping.convert.numbers import is_numeric, product, total, written
from ingestion.mapping.convert.types import Failures
from ingestion.mapping.declarations import ColumnMapping, Lookup, Part
from ingestion.mapping.records import Records, as_array

# RE2 finds one match in linear time, and all matches of a hostile pattern in the square of it.
LONGEST_REPLACED = 10_000
TOO_LONG = f"is longer than the {LONGEST_REPLACED:,} bytes in which replace looks"

Lookups = Mapping[Lookup, pa.Table]


def evaluate(
    mapping: ColumnMapping, records: Records, lookups: Lookups
) -> tuple[pa.Array, Failures]:
    """Return the column's text before it is converted, empty text as null, and what failed.

    `lookups` holds the table of each lookup that the column has.
    """
    origin = _origin(mapping, records)
    if not _rewrites(mapping) and not pa.types.is_string(origin.type):
        return origin, []
    values = _without(pc.cast(origin, pa.string()), ("", *mapping.null_values))
    values, failures = _rewritten(values, mapping)
    unmapped = values
    if mapping.lookup:
        values = unmapped = _looked_up(values, lookups[mapping.lookup])
    elif mapping.target.is_number and is_numeric(origin.type):
        unmapped = written(values, mapping.notation.decimal)
    elif mapping.target.is_number and mapping.origin == "first_of":
        unmapped = _in_notation(values, _are_numbers(mapping, records), mapping)
    if mapping.map is None and mapping.default is None:
        return unmapped, failures
    values = unmapped if mapping.map is None else _mapped(values, unmapped, mapping)
    if mapping.default is not None:
        values = pc.fill_null(values, mapping.default)
    return _without(values, ("",)), failures


def number_text(name: str, records: Records, mapping: ColumnMapping) -> pa.Array:
    """Return a column that counts something, in the notation of the source or as typed numbers."""
    values = _column(records, name, mapping.null_values)
    return _in_notation(values, records.numbers.get(name), mapping)


def _rewrites(mapping: ColumnMapping) -> bool:
    options = (
        mapping.strip,
        mapping.case,
        mapping.pattern,
        mapping.lookup,
        mapping.map,
        mapping.default,
    )
    is_set = any(option is not None for option in options)
    return is_set or bool(mapping.null_values or mapping.replace or mapping.html)


def _origin(mapping: ColumnMapping, records: Records) -> pa.Array:
    if mapping.origin == "row_number":
        return pc.cast(pa.array(records.lines), pa.string())
    if mapping.origin == "first_of":
        return _first_filled([_part(part, records, mapping) for part in mapping.parts])
    if mapping.origin == "join":
        texts = [pc.cast(_part(part, records, mapping), pa.string()) for part in mapping.parts]
        return pc.binary_join_element_wise(*texts, mapping.separator, null_handling="emit_null")
    if mapping.origin == "multiply":
        factors = [_number_part(part, records, mapping) for part in mapping.parts]
        return product(factors, mapping.notation)
    signs = [-1 if part.is_taken_off else 1 for part in mapping.parts]
    terms = [_number_part(part, records, mapping) for part in mapping.parts]
    return total(terms, signs, mapping.notation)


def _part(part: Part, records: Records, mapping: ColumnMapping) -> pa.Array:
    if part.is_row_number:
        return pc.cast(pa.array(records.lines), pa.string())
    constant = pa.scalar(part.constant, pa.string())
    if part.field is None:
        return pa.repeat(constant, records.size)
    values = _column(records, part.field, mapping.null_values)
    if len(mapping.parts) > 1 and mapping.origin == "first_of" and pa.types.is_string(values.type):
        values = _without(_stripped(values, mapping), ("",))
    if part.constant is None:
        return values
    return pc.fill_null(pc.cast(values, pa.string()), constant)


def _number_part(part: Part, records: Records, mapping: ColumnMapping) -> pa.Array:
    """Return a number's text; constants and text have the notation of the source."""
    if part.field is None:
        return _part(part, records, mapping)
    values = number_text(part.field, records, mapping)
    if part.constant is None:
        return values
    if is_numeric(values.type):
        values = written(pc.cast(values, pa.string()), mapping.notation.decimal)
    return pc.fill_null(values, part.constant)


def _first_filled(columns: list[pa.Array]) -> pa.Array:
    if len({column.type for column in columns}) > 1:
        columns = [pc.cast(column, pa.string()) for column in columns]
    return pc.coalesce(*columns) if len(columns) > 1 else columns[0]


def _are_numbers(mapping: ColumnMapping, records: Records) -> pa.Array | None:
    """Return where the first filled part is a typed number; None if nowhere."""
    if not any(name in records.numbers for name in mapping.fields):
        return None
    nowhere = pa.repeat(False, records.size)
    found = nowhere
    for part in reversed(mapping.parts):
        own = records.numbers.get(part.field or "", nowhere)
        found = pc.if_else(pc.is_valid(_part(part, records, mapping)), own, found)
    return found


def _column(records: Records, name: str, nulls: tuple[str, ...]) -> pa.Array:
    values = records.column(name)
    return _without(values, ("", *nulls)) if pa.types.is_string(values.type) else values


def _in_notation(
    values: pa.Array, are_numbers: pa.Array | None, mapping: ColumnMapping
) -> pa.Array:
    """Write typed numbers, which have a point in any source, as the source's texts have theirs.

    The same column may hold text such as "1.249", which has the source's notation.
    """
    if are_numbers is None:
        return values
    return pc.if_else(are_numbers, written(values, mapping.notation.decimal), values)


def _without(values: pa.Array, nulls: tuple[str, ...]) -> pa.Array:
    """Empty the texts that mean no value, and those of blanks alone."""
    is_blank = pc.utf8_is_space(values)
    is_null = pc.or_(pc.fill_null(is_blank, False), pc.is_in(values, pa.array(nulls, pa.string())))
    return pc.if_else(is_null, None, values) if pc.any(is_null).as_py() else values


def _stripped(values: pa.Array, mapping: ColumnMapping) -> pa.Array:
    if mapping.strip is None:
        return values
    if not mapping.strip:
        return pc.utf8_trim_whitespace(values)
    return pc.utf8_trim(values, mapping.strip)


def _rewritten(values: pa.Array, mapping: ColumnMapping) -> tuple[pa.Array, Failures]:
    if mapping.html:
        values = pa.array(map(plain_text, values.to_pylist()), pa.string())
    values = _stripped(values, mapping)
    if mapping.case is not None:
        values = pc.utf8_lower(values) if mapping.case == "lower" else pc.utf8_upper(values)
    values, failures = _replaced(values, mapping)
    if mapping.pattern is not None:
        found = pc.extract_regex(values, mapping.pattern)
        values = pc.struct_field(found, [0])
    return _without(values, ("",)), failures


def _replaced(values: pa.Array, mapping: ColumnMapping) -> tuple[pa.Array, Failures]:
    """Replace what the patterns match, one after the other; a text that is too long fails."""
    failures: Failures = []
    for pattern, replacement in mapping.replace:
        is_long = pc.greater(pc.binary_length(values), LONGEST_REPLACED)
        mask = np.asarray(pc.fill_null(is_long, False))
        if mask.any():
            failures.append((mask, TOO_LONG))
            values = pc.if_else(pa.array(mask), None, values)
        values = pc.replace_substring_regex(values, pattern, replacement)
    return values, failures


def _looked_up(keys: pa.Array, table: pa.Table) -> pa.Array:
    """Find the value of each key; of lines with the same key, the first counts."""
    return as_array(pc.take(table["value"], pc.index_in(keys, as_array(table["key"]))))


def _mapped(values: pa.Array, unmapped: pa.Array, mapping: ColumnMapping) -> pa.Array:
    """Replace mapped values; others become the default if there is one, else stay unmapped."""
    mapped = mapping.map or {}
    position = pc.index_in(values, pa.array(list(mapped), pa.string()))
    replaced = pc.take(pa.array(list(mapped.values()), pa.string()), position)
    others = pa.scalar(mapping.default) if mapping.default is not None else unmapped
    return pc.if_else(pc.is_valid(position), replaced, others)

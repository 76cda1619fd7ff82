"""A column mapping applied to records: where the text comes from and how it is rewritten.

The order is fixed: origin, null values, strip, case, pattern, lookup, map, default. An empty text
is no value, wherever it comes from. Types come after, in `convert`: until then, text has the
notation of the source.
"""

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.convert.numbers import DECIMAL, is_numeric, product, written
from ingestion.mapping.declarations import ColumnMapping
from ingestion.mapping.records import Records, as_array


def evaluate(mapping: ColumnMapping, records: Records, lookups: dict[str, pa.Table]) -> pa.Array:
    """Return the column's text, before it is converted; empty text is null.

    `lookups` holds, by the name of the target, the tables that `mapping.lookup` needs.
    """
    origin = _origin(mapping, records)
    if not _rewrites(mapping) and not pa.types.is_string(origin.type):
        return origin
    values = _without(pc.cast(origin, pa.string()), ("", *mapping.null_values))
    values = _rewritten(values, mapping)
    unmapped = values
    if mapping.lookup:
        values = unmapped = _looked_up(values, lookups[mapping.target.name])
    elif mapping.target.is_number and is_numeric(origin.type):
        unmapped = written(values, mapping.notation.decimal)
    elif mapping.target.is_number and mapping.origin == "from":
        unmapped = _in_notation(values, records, mapping.fields[0], mapping)
    if mapping.map is None and mapping.default is None:
        return unmapped
    values = unmapped if mapping.map is None else _mapped(values, unmapped, mapping)
    if mapping.default is not None:
        values = pc.fill_null(values, mapping.default)
    return _without(values, ("",))


def _rewrites(mapping: ColumnMapping) -> bool:
    options = (
        mapping.strip,
        mapping.case,
        mapping.pattern,
        mapping.lookup,
        mapping.map,
        mapping.default,
    )
    return bool(mapping.null_values) or any(option is not None for option in options)


def _origin(mapping: ColumnMapping, records: Records) -> pa.Array:
    if mapping.origin == "value":
        return pa.repeat(pa.scalar(mapping.value, pa.string()), records.size)
    if mapping.origin == "row_number":
        return pc.cast(pa.array(records.lines), pa.string())
    columns = [_column(records, name, mapping.null_values) for name in mapping.fields]
    if mapping.origin == "join":
        texts = [pc.cast(column, pa.string()) for column in columns]
        return pc.binary_join_element_wise(*texts, mapping.separator, null_handling="emit_null")
    if mapping.origin == "multiply":
        named = zip(columns, mapping.fields, strict=True)
        factors = [_in_notation(column, records, name, mapping) for column, name in named]
        constants = [pa.scalar(factor, DECIMAL) for factor in mapping.factors]
        factors += [pa.repeat(constant, records.size) for constant in constants]
        return product(factors, mapping.notation)
    return columns[0]


def _column(records: Records, name: str, nulls: tuple[str, ...]) -> pa.Array:
    values = records.column(name)
    return _without(values, ("", *nulls)) if pa.types.is_string(values.type) else values


def _in_notation(values: pa.Array, records: Records, name: str, mapping: ColumnMapping) -> pa.Array:
    """Write typed numbers, which have a point in any source, as the source's texts have theirs.

    The same column may hold text such as "1.249", which has the source's notation.
    """
    are_numbers = records.numbers.get(name)
    if are_numbers is None:
        return values
    return pc.if_else(are_numbers, written(values, mapping.notation.decimal), values)


def _without(values: pa.Array, nulls: tuple[str, ...]) -> pa.Array:
    is_null = pc.is_in(values, pa.array(nulls, pa.string()))
    return pc.if_else(is_null, None, values) if pc.any(is_null).as_py() else values


def _rewritten(values: pa.Array, mapping: ColumnMapping) -> pa.Array:
    if mapping.strip is not None:
        values = (
            pc.utf8_trim(values, mapping.strip)
            if mapping.strip
            else pc.utf8_trim_whitespace(values)
        )
    if mapping.case is not None:
        values = pc.utf8_lower(values) if mapping.case == "lower" else pc.utf8_upper(values)
    if mapping.pattern is not None:
        found = pc.extract_regex(values, mapping.pattern)
        values = pc.struct_field(found, [0])
    return _without(values, ("",))


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

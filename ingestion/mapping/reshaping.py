"""Several records made of one: of the elements of a list in a text, or of columns of one kind."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.convert.numbers import is_numeric
from ingestion.mapping.declarations import EntityMapping, Split, Unpivot
from ingestion.mapping.records import Records


def reshaped(mapping: EntityMapping, records: Records) -> Records:
    """Return the records to which an entity's columns and conditions apply."""
    if mapping.split:
        records = _split(mapping.split, records)
    if mapping.unpivot:
        records = _unpivoted(mapping.unpivot, mapping.used, records)
    return records


def _split(split: Split, records: Records) -> Records:
    """Make a record of each element; an empty list is one empty element."""
    texts = pc.fill_null(pc.cast(records.column(split.column), pa.string()), "")
    lists = pc.split_pattern(texts, split.separator)
    repeated = records.take(np.asarray(pc.list_parent_indices(lists)))
    are_numbers = repeated.numbers.get(split.column)
    return _with(repeated, split.column, pc.list_flatten(lists), are_numbers)


def _unpivoted(unpivot: Unpivot, used: dict[str, bool], records: Records) -> Records:
    """Make a record of each column; of the others only those that are used are repeated."""
    wide, size = len(unpivot.columns), records.size
    own = [name for name in records.columns.column_names if name in used]
    kept = replace(records, columns=records.columns.select(own))
    repeated = kept.take(np.repeat(np.arange(size), wide))
    names = pa.array(unpivot.columns).take(pa.array(np.tile(np.arange(wide), size)))
    by_record = pa.array(np.arange(wide * size).reshape(wide, size).T.ravel())
    cells = [records.column(name) for name in unpivot.columns]
    numbers = [_are_numbers(records, name) for name in unpivot.columns]
    if len({cell.type for cell in cells}) > 1:
        cells = [pc.cast(cell, pa.string()) for cell in cells]
    values = pa.concat_arrays(cells).take(by_record)
    are_numbers = pa.concat_arrays(numbers).take(by_record)
    if not pa.types.is_string(values.type):
        are_numbers = None
    return _with(_with(repeated, unpivot.name, names), unpivot.value, values, are_numbers)


def _are_numbers(records: Records, name: str) -> pa.Array:
    """Return which values of a column are typed numbers."""
    is_number = is_numeric(records.column(name).type)
    return records.numbers.get(name, pa.repeat(is_number, records.size))


def _with(
    records: Records, name: str, values: pa.Array, are_numbers: pa.Array | None = None
) -> Records:
    """Put a column in place of that of the same name, or beside the others."""
    columns = {each: records.columns[each] for each in records.columns.column_names}
    numbers = {each: mask for each, mask in records.numbers.items() if each != name}
    if are_numbers is not None:
        numbers[name] = are_numbers
    return replace(records, columns=pa.table({**columns, name: values}), numbers=numbers)

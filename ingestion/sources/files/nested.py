"""Columns by dotted path out of nested Arrow tables, and lists made into rows."""

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Picked:
    """The wanted columns, the row of the table that each row comes from, and what was found."""

    columns: pa.Table
    parents: np.ndarray
    found: frozenset[str]


def pick(table: pa.Table, wanted: tuple[str, ...], rows: str | None) -> Picked:
    """Pick columns by path; with `rows`, one row for each element of the list at that path.

    All paths start at the root: with rows = "messages", a message's text is "messages.text".
    """
    parents = np.arange(table.num_rows)
    elements: pa.Array | None = None
    if rows:
        listed = _at(table, rows)
        if listed is None or not pa.types.is_list(listed.type):
            listed = pa.nulls(table.num_rows, pa.list_(pa.null()))
        parents = np.asarray(pc.list_parent_indices(listed))
        elements = pc.list_flatten(listed)
    columns, found = {}, set()
    for path in wanted:
        values = _value(table, parents, elements, path, rows)
        if values is not None:
            found.add(path)
            columns[path] = values
        else:
            columns[path] = pa.nulls(len(parents), pa.string())
    size = {"": pa.nulls(len(parents))} if not columns else {}
    return Picked(pa.table(columns | size), parents, frozenset(found))


def as_text(values: pa.Array) -> pa.Array:
    """Write a column as text; what is nested is written as JSON."""
    if pa.types.is_nested(values.type):
        rows = values.to_pylist()
        return pa.array([None if row is None else json.dumps(row, default=str) for row in rows])
    return pc.cast(values, pa.string())


def _value(
    table: pa.Table, parents: np.ndarray, elements: pa.Array | None, path: str, rows: str | None
) -> pa.Array | None:
    if rows and elements is not None and (path == rows or path.startswith(f"{rows}.")):
        return _inside(elements, path.removeprefix(rows).removeprefix("."))
    values = _at(table, path)
    return values if values is None or rows is None else values.take(pa.array(parents))


def _at(table: pa.Table, path: str) -> pa.Array | None:
    """Return the column at a path; a name that itself has dots goes before a path."""
    if path in table.column_names:
        return _whole(table[path])
    head, _, rest = path.partition(".")
    return _inside(_whole(table[head]), rest) if rest and head in table.column_names else None


def _inside(values: pa.Array, path: str) -> pa.Array | None:
    for name in path.split(".") if path else ():
        if not pa.types.is_struct(values.type) or values.type.get_field_index(name) < 0:
            return None
        values = pc.struct_field(values, name)
    return values


def _whole(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)

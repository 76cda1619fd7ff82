"""Columns by dotted path from nested Arrow tables, and lists made into rows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.paths import LAST, Listed, Steps, is_within, steps, within
from ingestion.mapping.records import as_array


@dataclass(frozen=True)
class Picked:
    """The wanted columns, the row of the table that each row comes from, and what was found.

    `found` also names the list of the rows, if it is there; `numbers`, by column, says which of
    its texts were typed numbers.
    """

    columns: pa.Table
    parents: np.ndarray
    found: frozenset[str]
    numbers: Mapping[str, pa.Array] = field(default_factory=dict)


def pick(table: pa.Table, wanted: tuple[str, ...], rows: str | None) -> Picked:
    """Pick columns by path; with `rows`, one row for each element of the list at that path.

    All paths start at the root: with rows = "messages", a message's text is "messages.text".
    Without such a list, nothing is found.
    """
    parents = np.arange(table.num_rows)
    elements: pa.Array | None = None
    columns: dict[str, pa.Array] = {}
    found: set[str] = set()
    if rows:
        listed = _listed(table, rows)
        if listed is None:
            nothing = {path: pa.array([], pa.string()) for path in wanted}
            return Picked(pa.table(nothing), parents[:0], frozenset())
        found.add(rows)
        parents = np.asarray(pc.list_parent_indices(listed))
        elements = pc.list_flatten(listed)
    for path in wanted:
        values = _value(table, parents, elements, path, rows)
        if values is not None:
            found.add(path)
            columns[path] = values
        else:
            columns[path] = pa.nulls(len(parents), pa.string())
    size = {"": pa.nulls(len(parents))} if not columns else {}
    return Picked(pa.table(columns | size), parents, frozenset(found))


def as_json(values: pa.Array) -> pa.Array:
    """Write a nested column as JSON texts."""
    texts = (
        None if row is None else json.dumps(row, default=str, ensure_ascii=False)
        for row in values.to_pylist()
    )
    return pa.array(texts, pa.string())


def leaf_paths(fields: Iterable[pa.Field], prefix: str = "") -> Iterator[str]:
    """Yield the path of each column, into structs and lists too."""
    for each in fields:
        kind = each.type
        while _is_list(kind):
            kind = kind.value_type
        if pa.types.is_struct(kind):
            yield from leaf_paths(kind, f"{prefix}{each.name}.")
        else:
            yield prefix + each.name


def _listed(table: pa.Table, rows: str) -> pa.Array | None:
    """Return the list at a path; None if there is nothing, or something else."""
    values = _at(table, rows)
    if values is not None and pa.types.is_null(values.type):
        return pa.nulls(table.num_rows, pa.list_(pa.null()))
    return values if values is not None and _is_list(values.type) else None


def _is_list(kind: pa.DataType) -> bool:
    return (
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_list_view(kind)
        or pa.types.is_large_list_view(kind)
    )


def _value(
    table: pa.Table, parents: np.ndarray, elements: pa.Array | None, path: str, rows: str | None
) -> pa.Array | None:
    if rows and elements is not None and is_within(path, rows):
        return _inside(elements, within(path, rows))
    values = _at(table, path)
    return values if values is None or rows is None else values.take(pa.array(parents))


def _at(table: pa.Table, path: str) -> pa.Array | None:
    """Return the column at a path; one whose name is all of the path comes first."""
    own = _field(table, path)
    return _inside(table, steps(path)) if own is None else own


def _inside(values: pa.Table | pa.Array, path: Steps) -> pa.Array | None:
    for step in path:
        found = _field(values, step) if isinstance(step, str) else _element(values, step)
        if found is None:
            return None
        values = found
    return values


def _field(values: pa.Table | pa.Array, name: str) -> pa.Array | None:
    if isinstance(values, pa.Table):
        return as_array(values[name]) if name in values.column_names else None
    if not pa.types.is_struct(values.type) or values.type.get_field_index(name) < 0:
        return None
    return pc.struct_field(values, name)


def _element(values: pa.Table | pa.Array, step: Listed) -> pa.Array | None:
    """Return the element of each list that is meant, null where it lacks it; None if all do.

    A field that is called so comes first.
    """
    own, lists = _field(values, step.text), _field(values, step.name)
    if own is not None or lists is None or not _is_list(lists.type):
        return own
    elements = pc.list_flatten(lists)
    hits = np.flatnonzero(_are_meant(elements, step))
    if not len(hits):
        return None
    if step.position == LAST:
        hits = hits[::-1]
    parents = np.asarray(pc.list_parent_indices(lists))[hits]
    parents, firsts = np.unique(parents, return_index=True)
    positions = np.full(len(lists), -1)
    positions[parents] = hits[firsts]
    return elements.take(pa.array(positions, mask=positions < 0))


def _are_meant(elements: pa.Array, step: Listed) -> np.ndarray:
    """Return which elements have the value that a path asks for; 17 and "17" are one."""
    found = np.full(len(elements), step.position is not None)
    for key in step.keys:
        values = _inside(elements, key)
        if values is not None and not pa.types.is_nested(values.type):
            is_same = pc.equal(pc.cast(values, pa.string()), step.value)
            found |= np.asarray(pc.fill_null(is_same, False))
    return found

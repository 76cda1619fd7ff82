"""The types as which Arrow reads JSON without changing a value.

Arrow guesses each type. A text that looks like a time becomes one, and loses its zone and its
spelling; a number beside a fraction, or beyond 64 bits, becomes a float, and loses digits.
"""

from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

EXACT = pa.decimal256(76, 30)

Leaf = Callable[[pa.DataType], pa.DataType | None]


def times_as_text(fields: Iterable[pa.Field]) -> pa.Schema:
    """Return only the fields that became times, as text."""
    return _only(fields, lambda kind: pa.string() if pa.types.is_temporal(kind) else None)


def floats_as_decimals(fields: Iterable[pa.Field]) -> pa.Schema:
    """Return only the fields that became floats, as decimals."""
    return _only(fields, lambda kind: EXACT if pa.types.is_floating(kind) else None)


def merged(first: pa.Schema, second: pa.Schema) -> pa.Schema:
    """Return the fields of both schemas, down into nested ones."""
    return pa.unify_schemas([first, second], promote_options="permissive")


def as_text(values: pa.Array) -> pa.Array | None:
    """Write a column as text; None if the texts would depend on the rows around them.

    A struct of Arrow's has the fields of all its rows, and a decimal writes what is tiny with
    an exponent.
    """
    if pa.types.is_nested(values.type):
        return None
    texts = pc.cast(values, pa.string())
    if not pa.types.is_decimal(values.type):
        return texts
    is_zero = pc.equal(values, pa.scalar(0, EXACT))
    texts = pc.if_else(is_zero, "0", texts)
    if pc.any(pc.match_substring(texts, "E")).as_py():
        return None
    return pc.replace_substring_regex(texts, r"\.0+$|(\.\d*[1-9])0+$", r"\1")


def _only(fields: Iterable[pa.Field], leaf: Leaf) -> pa.Schema:
    kinds = [(field.name, _kind(field.type, leaf)) for field in fields]
    return pa.schema([(name, kind) for name, kind in kinds if kind is not None])


def _kind(kind: pa.DataType, leaf: Leaf) -> pa.DataType | None:
    if pa.types.is_list(kind):
        inside = _kind(kind.value_type, leaf)
        return None if inside is None else pa.list_(inside)
    if pa.types.is_struct(kind):
        fields = _only(kind, leaf)
        return pa.struct(list(fields)) if len(fields) else None
    return leaf(kind)

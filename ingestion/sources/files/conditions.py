"""The `where` conditions of an entity: which rows of a file are its own."""

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column, Type
from ingestion.sources.files.chunk import Chunk
from ingestion.sources.files.convert import Failures, booleans, convert
from ingestion.sources.files.expressions import evaluate
from ingestion.sources.files.mapping import ColumnMapping, Condition, EntityMapping

OPERATORS = ("is", "is_not", "is_set", "matches", "above", "below")


def judge(entity: EntityMapping, chunk: Chunk) -> tuple[pa.Array, list[tuple[str, Failures]]]:
    """Return which rows meet every condition; null where that can't be told.

    Also return why not, for each condition's column. A row that fails one condition is not
    the entity's, whatever the others say.
    """
    answers, failures = [], []
    for condition in entity.where:
        reading = _reading(condition, entity.columns)
        met, failed = _answer(condition, reading, chunk)
        answers.append(met)
        failures.append((condition.column, failed))
    return reduce(pc.and_kleene, answers), failures


def _reading(condition: Condition, columns: tuple[ColumnMapping, ...]) -> ColumnMapping:
    """Read a column as the entity does, first of all where it makes a number of it."""
    fields = (condition.column,)
    direct = [each for each in columns if each.origin == "from" and each.fields == fields]
    own = min(direct, key=lambda each: not each.target.is_number, default=None)
    like = own or condition
    return ColumnMapping(
        Column(condition.column, Type.DECIMAL),
        "from",
        fields,
        strip=own.strip if own else None,
        null_values=like.null_values,
        decimal=like.decimal,
        thousands=like.thousands,
    )


def _answer(
    condition: Condition, reading: ColumnMapping, chunk: Chunk
) -> tuple[pa.Array, Failures]:
    """A row without a value meets `is_not` and `is_set = false`, and no other condition."""
    operand = condition.operand
    values = evaluate(reading, chunk, {})
    if condition.operator in ("above", "below"):
        return _compared(condition, *convert(values, reading))
    if condition.operator == "is_set":
        return pc.equal(pc.is_valid(values), operand), []
    texts = _texts(chunk, condition.column)
    if isinstance(operand, tuple):
        found = _is_one_of(texts, operand)
        return found if condition.operator == "is" else pc.invert(found), []
    found = pc.match_substring_regex(pc.if_else(pc.is_valid(values), texts, None), operand)
    return pc.fill_null(found, False), []


def _texts(chunk: Chunk, column: str) -> pa.Array:
    """Return a column as it stands in the file; an optional one may not be there."""
    if column not in chunk.columns.column_names:
        return pa.nulls(chunk.columns.num_rows, pa.string())
    texts = pc.cast(chunk.columns[column], pa.string())
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _compared(
    condition: Condition, numbers: pa.Array, failures: Failures
) -> tuple[pa.Array, Failures]:
    compare = pc.greater if condition.operator == "above" else pc.less
    met = pc.fill_null(compare(pc.cast(numbers, pa.float64()), condition.operand), False)
    for failed, _ in failures:
        met = pc.if_else(pa.array(failed), None, met)
    return met, failures


def _is_one_of(texts: pa.Array, operand: tuple[str | bool, ...]) -> pa.Array:
    """Compare with texts as the file has them, and with true and false however written."""
    words = [each for each in operand if isinstance(each, str)]
    flags = [each for each in operand if isinstance(each, bool)]
    found = pc.is_in(texts, pa.array(words, pa.string()))
    return pc.or_(found, pc.is_in(booleans(texts), pa.array(flags))) if flags else found

"""Conditions on records: which of them are an entity's own, and what a column depends on."""

import json
from decimal import Decimal
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column, Type
from ingestion.mapping.convert.types import REASONS, Failures, booleans, convert, failure
from ingestion.mapping.declarations import ColumnMapping, Condition, EntityMapping, Part
from ingestion.mapping.expressions import evaluate
from ingestion.mapping.objects import as_text
from ingestion.mapping.records import Records


def judge(mapping: EntityMapping, records: Records) -> tuple[pa.Array, list[tuple[str, Failures]]]:
    """Return which records meet every condition of `where`; null where that can't be decided.

    Also return why not, for each condition's column. A record that fails one condition is not
    the entity's, whatever the others say.
    """
    answers, failures = [], []
    for condition in mapping.where:
        met, failed = answer(condition, mapping, records)
        answers.append(met)
        failures.append((condition.column, failed))
    return reduce(pc.and_kleene, answers), failures


def answer(
    condition: Condition, mapping: EntityMapping, records: Records
) -> tuple[pa.Array, Failures]:
    """Return which records meet a condition; null where that can't be decided, and why not.

    A record without a value meets `is_not`, `has_not` and `is_set = false`, and no other condition.
    """
    operand = condition.operand
    reading = _reading(condition, mapping.columns)
    values, _ = evaluate(reading, records, {})
    if condition.operator in ("above", "below"):
        return _compared(condition, *convert(values, reading.target, reading.notation))
    if condition.operator == "is_set":
        return pc.equal(pc.is_valid(values), operand), []
    texts = pc.cast(records.column(condition.column), pa.string())
    if condition.operator in ("has", "has_not") and isinstance(operand, tuple):
        found = _has_one_of(pc.if_else(pc.is_valid(values), texts, None), operand)
        return found if condition.operator == "has" else pc.invert(found), []
    if isinstance(operand, tuple):
        found = _is_one_of(texts, operand)
        met = found if condition.operator == "is" else pc.invert(found)
        return _decided(met, _unread_flags(values, operand))
    found = pc.match_substring_regex(pc.if_else(pc.is_valid(values), texts, None), operand)
    return pc.fill_null(found, False), []


def _reading(condition: Condition, columns: tuple[ColumnMapping, ...]) -> ColumnMapping:
    """Read a column as the entity does, preferably where the entity makes a number of it."""
    parts = (Part(condition.column),)
    direct = [each for each in columns if each.origin == "first_of" and each.parts == parts]
    own = min(direct, key=lambda each: not each.target.is_number, default=None)
    like = own or condition
    return ColumnMapping(
        Column(condition.column, Type.DECIMAL),
        "first_of",
        parts,
        strip=own.strip if own else None,
        null_values=like.null_values,
        notation=like.notation,
    )


def _compared(
    condition: Condition, numbers: pa.Array, failures: Failures
) -> tuple[pa.Array, Failures]:
    compare = pc.greater if condition.operator == "above" else pc.less
    met = pc.fill_null(compare(pc.cast(numbers, pa.float64()), condition.operand), False)
    return _decided(met, failures)


def _decided(met: pa.Array, failures: Failures) -> tuple[pa.Array, Failures]:
    """Return null where a condition can't be decided, and why not."""
    for failed, _ in failures:
        met = pc.if_else(pa.array(failed), None, met)
    return met, failures


def _unread_flags(values: pa.Array, operand: tuple[str | bool, ...]) -> Failures:
    """Return which values are neither true nor false, where only those are asked for."""
    if not all(isinstance(each, bool) for each in operand):
        return []
    unread = pc.and_(pc.is_valid(values), pc.is_null(booleans(values)))
    return failure(unread, REASONS[Type.BOOLEAN])


def _is_one_of(texts: pa.Array, operand: tuple[str | bool, ...]) -> pa.Array:
    """Compare with texts as the source has them, and with true and false however written."""
    words = [each for each in operand if isinstance(each, str)]
    flags = [each for each in operand if isinstance(each, bool)]
    found = pc.is_in(texts, pa.array(words, pa.string()))
    return pc.or_(found, pc.is_in(booleans(texts), pa.array(flags))) if flags else found


def _has_one_of(texts: pa.Array, operand: tuple[str | bool, ...]) -> pa.Array:
    """Compare each element of lists."""
    lists = pa.array(map(_elements, texts.to_pylist()), pa.list_(pa.string()))
    found = np.zeros(len(texts), bool)
    hits = np.asarray(_is_one_of(pc.list_flatten(lists), operand))
    found[np.asarray(pc.list_parent_indices(lists))[hits]] = True
    return pa.array(found)


def _elements(text: str | None) -> list[str | None]:
    """Return the elements of a list, as JSON has it; a text that is none is its only element."""
    if text is None or not text.startswith("["):
        return [text]
    try:
        return [as_text(each) for each in json.loads(text, parse_float=Decimal)]
    except (ValueError, ArithmeticError, RecursionError):
        return [text]

"""The `where` conditions of an entity: which rows of a file are its own."""

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.sources.files.chunk import Chunk
from ingestion.sources.files.mapping import Condition
from ingestion.sources.files.numbers import decimals

OPERATORS = ("is", "is_not", "is_set", "matches", "above", "below")


def mask(conditions: tuple[Condition, ...], chunk: Chunk) -> pa.Array | None:
    """Return which rows meet every condition; None means all of them."""
    if not conditions:
        return None
    return reduce(pc.and_, [_meets(condition, chunk) for condition in conditions])


def _meets(condition: Condition, chunk: Chunk) -> pa.Array:
    """A row without a value meets `is_not` and `is_set = false`, and no other condition."""
    texts = pc.cast(chunk.columns[condition.column], pa.string())
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    operand = condition.operand
    if condition.operator in ("is", "is_not"):
        found = pc.is_in(texts, pa.array(operand, pa.string()))
        return found if condition.operator == "is" else pc.invert(found)
    if condition.operator == "is_set":
        is_set = pc.fill_null(pc.not_equal(texts, ""), False)
        return is_set if operand else pc.invert(is_set)
    if condition.operator == "matches":
        return pc.fill_null(pc.match_substring_regex(texts, operand), False)
    compare = pc.greater if condition.operator == "above" else pc.less
    numbers = pc.cast(decimals(pc.if_else(pc.equal(texts, ""), None, texts)), pa.float64())
    return pc.fill_null(compare(numbers, operand), False)

"""Frozen records of equally long arrays: select rows, sort, put together.

Knows nothing of the company's domains.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


def select(record: R, rows: np.ndarray) -> R:
    """Return the record with only `rows` (a mask, or indexes in the wanted order)."""
    values = {field.name: getattr(record, field.name)[rows] for field in fields(record)}
    return type(record)(**values)


def join(records: Sequence[R]) -> R:
    """Put records of one type under each other."""
    kind: Any = type(records[0])
    return kind(
        **{f.name: np.concatenate([getattr(r, f.name) for r in records]) for f in fields(kind)}
    )


def size(record: "DataclassInstance") -> int:
    """Return the number of rows."""
    return len(getattr(record, fields(record)[0].name))

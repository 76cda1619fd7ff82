"""What a mapping is applied to: columns as their source has them, with the place of each record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ingestion.rows import Reject


@dataclass(frozen=True)
class Records:
    """Some records of a source.

    `columns` holds text, or typed values (numbers, dates and times) where the source has types;
    `numbers`, by column, says which of its texts were typed numbers, which have no notation;
    `lines` is the 1-based line or number of each record, `original(i)` record i as it stands in
    the source; `rejects` are records that could not be cut into columns.
    """

    columns: pa.Table
    lines: np.ndarray
    original: Callable[[int], str]
    rejects: tuple[Reject, ...] = ()
    numbers: Mapping[str, pa.Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.columns.num_rows

    def column(self, name: str) -> pa.Array:
        """Return a column; nulls if there is none of this name."""
        if name not in self.columns.column_names:
            return pa.nulls(self.size, pa.string())
        return as_array(self.columns[name])

    def take(self, rows: np.ndarray) -> "Records":
        """Return the records at `rows`, in that order; rejects stay as they are."""
        positions = pa.array(rows)
        return Records(
            self.columns.take(positions),
            self.lines[rows],
            lambda row: self.original(int(rows[row])),
            self.rejects,
            {name: numbers.take(positions) for name, numbers in self.numbers.items()},
        )


def as_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    return values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)


def plain(value: pa.Scalar) -> Any:
    """Return a value as Python has it; in words if it has none."""
    try:
        return value.as_py()
    except (ValueError, OverflowError):  # bytes that are no text, a time that is beyond any year
        return f"a {value.type} that can't be written"

"""What every reader gives: columns as they stand in the file, with their line numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from ingestion.sources.base import Reject


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file.

    `columns` holds text (Parquet: numbers, dates and times too), and `numbers`, by column, which
    of its texts stand for numbers that have no notation (JSON); `lines` the 1-based line on which
    each row starts (Parquet: its number); `original(i)` row i as it stands in the file;
    `rejects` rows that could not even be cut into columns.
    """

    columns: pa.Table
    lines: np.ndarray
    original: Callable[[int], str]
    rejects: tuple[Reject, ...] = ()
    numbers: Mapping[str, pa.Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Resume:
    """Where an appended file goes on: byte offset, number of the line there, and the header."""

    offset: int
    line: int
    header: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads one file; what it knows besides the rows, it knows when they were read.

    `can_resume` says that the reader can go on in the middle of such a file.
    """

    can_resume: bool
    next_line: int
    columns: tuple[str, ...]

    def chunks(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Chunk]:
        """Give the file's rows, chunk by chunk."""

    def check(self) -> None:
        """Look at the file's beginning; SourceError if it lacks what is needed."""

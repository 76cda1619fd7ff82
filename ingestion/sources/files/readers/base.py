"""What every reader is: how a file's bytes are to be read, and records of it in turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ingestion.mapping.records import Records


@dataclass(frozen=True)
class FileFormat:
    """How the bytes of a file are to be read; each field is described in docs/sources.md."""

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    header: tuple[str, ...] = ()
    skip_lines: int = 0
    rows: str | None = None


@dataclass(frozen=True)
class Resume:
    """Where an appended file goes on: byte offset, number of the line there, and the header."""

    offset: int
    line: int
    header: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads one file; what it knows besides the records, it knows when they were read.

    `can_resume` says that the reader can go on in the middle of such a file.
    """

    can_resume: bool
    next_line: int
    columns: tuple[str, ...]

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        """Give the file's records, block by block."""

    def check(self) -> None:
        """Look at the file's beginning; SourceError if it lacks what is needed."""

"""What every reader is: how a file's bytes are to be read, and records of it in turn."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.errors import MappingFault, SourceAnswerBroken
from ingestion.mapping.records import Records
from ingestion.sources.files.paths import printable
from ingestion.sources.files.readers.text import text_blocks


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


@dataclass
class Reader(ABC):
    """Reads one file for the columns that are needed (name -> must it be there).

    `moments` are the columns from which dates and times are made. `can_resume` says that the
    file can be read from its present end on, `next_line` which line is there and `columns` the
    headings, if there are such: all three are known once the records were read.
    """

    source: str
    path: Path
    form: FileFormat
    needed: Mapping[str, bool]
    moments: frozenset[str] = frozenset()
    can_resume: bool = field(default=False, init=False)
    next_line: int = field(default=1, init=False)
    columns: tuple[str, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        self.file = printable(self.path.name)

    @abstractmethod
    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        """Yield the file's records, block by block."""

    @abstractmethod
    def check(self) -> None:
        """Look at the file's beginning; SourceError if it lacks what is needed."""

    def text(self, offset: int, end: int | None) -> Iterator[bytes]:
        """Yield the file's text between two of its bytes, in UTF-8."""
        return text_blocks(self.source, self.path, self.form.encoding, offset, end)

    def broken(self, problem: str, remedy: str) -> SourceAnswerBroken:
        """Return the error of a file that is not what it should be."""
        return SourceAnswerBroken(self.source, problem, remedy)

    def unlike_mapping(self, problem: str, remedy: str) -> MappingFault:
        """Return the error of a file that lacks what the mapping names."""
        return MappingFault(self.source, problem, remedy)

"""What every reader is: how a file's bytes are to be read, and records of it in turn."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from ingestion.errors import MappingFault, SourceAnswerBroken
from ingestion.mapping.objects import MOST_KEYS
from ingestion.mapping.records import Records
from ingestion.sources.files.paths import readable
from ingestion.sources.files.readers.blocks import MEGABYTE, RowTooLong
from ingestion.sources.files.readers.text import text_blocks


@dataclass(frozen=True)
class Limits:
    """How much a file may hold before it is refused; each field is described in docs/sources.md."""

    row_megabytes: int = 16
    row_keys: int = MOST_KEYS
    row_depth: int = 100
    unpacked_megabytes: int = 4_096

    @property
    def row_bytes(self) -> int:
        return self.row_megabytes * MEGABYTE

    @property
    def unpacked_bytes(self) -> int:
        return self.unpacked_megabytes * MEGABYTE


@dataclass(frozen=True)
class FileFormat:
    """How the bytes of a file are to be read; each field is described in docs/sources.md."""

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    header: tuple[str, ...] = ()
    skip_lines: int = 0
    rows: str | None = None
    records: str | None = None
    sheet: str | None = None
    members: str | None = None
    limits: Limits = Limits()


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
        self.file = readable(self.path.name)

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
        """Return the error of a file that is not what it should be.

        It quotes no line of the file, which may be one that nobody meant to export.
        """
        return SourceAnswerBroken(self.source, problem, remedy)

    def unlike_mapping(self, problem: str, remedy: str) -> MappingFault:
        """Return the error of a file that lacks what the mapping names."""
        return MappingFault(self.source, problem, remedy)

    def beyond(self, problem: str, limit: str) -> SourceAnswerBroken:
        """Return the error of a file that holds more than a limit allows."""
        return self.broken(
            f"{self.file} {problem}",
            f"If that is right, raise {limit} under [sources.{self.source}.limits]",
        )

    def too_long(self, error: RowTooLong, cause: str) -> SourceAnswerBroken:
        """Return the error of a row that is too long; `cause` is what else it may come from."""
        size = self.form.limits.row_megabytes
        problem = f"has a row of more than {size} MB, which begins on line {error.line}: {cause}"
        return self.beyond(problem, "row_megabytes")

    def require_columns(self, columns: Sequence[str]) -> None:
        """Raise MappingFault unless each needed column is there once."""
        missing = [name for name, must in self.needed.items() if must and name not in columns]
        twice = [name for name in self.needed if columns.count(name) > 1]
        if twice and not missing:
            problem = f"{self.file} has {twice[0]!r} twice"
            raise self.unlike_mapping(problem, "Give one another name")
        if missing:
            near = (_nearest(name, columns) for name in missing)
            advice = ", ".join(dict.fromkeys(repr(name) for name in near if name))
            raise self.unlike_mapping(
                f"{self.file} has no {named('column', missing)} among its {len(columns)}",
                (f"Did you mean {advice}? " if advice else "")
                + "Correct the mapping, or the `delimiter`, or mark the column `optional`",
            )


def named(what: str, names: Sequence[str]) -> str:
    """Write one or several names, with what they are before them."""
    *others, last = map(repr, names)
    return f"{what}s {', '.join(others)} and {last}" if others else f"{what} {last}"


def _nearest(name: str, columns: Sequence[str]) -> str | None:
    alike = [each for each in columns if each.casefold() == name.casefold()]
    return next(iter(alike or get_close_matches(name, columns, 1)), None)

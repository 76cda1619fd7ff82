"""The beginnings of files with all of their columns, by the readers that a load uses."""

import glob
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.errors import SourceAnswerBroken, SourceError
from ingestion.mapping.nested import leaf_paths
from ingestion.mapping.records import Records
from ingestion.sources.files.archives import is_archive, members, unpacked
from ingestion.sources.files.paths import readable
from ingestion.sources.files.readers import READERS, SUFFIXES, format_of
from ingestion.sources.files.readers.base import FileFormat, Reader
from ingestion.sources.files.readers.json_documents import BrokenDocument, Document
from ingestion.sources.files.readers.spreadsheet_reader import SpreadsheetReader
from ingestion.sources.files.readers.text import BYTE_ORDER_MARKS, text_blocks

SOURCE = "init"
LOOKED_AT = 10_000
OBJECTS = 1_000
DEEPEST = 4
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "cp1252", "latin-1")
ENDINGS = (".csv", ".tsv", ".txt", *SUFFIXES)


@dataclass(frozen=True)
class Export:
    """A file that looks like an export: one on disk, or a member of an archive there.

    Of a spreadsheet with several sheets, each is an export of its own.
    """

    path: Path
    member: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """The first records of a file, with its columns by the names that a mapping uses."""

    export: Export
    form: FileFormat
    records: Records

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.records.columns.column_names)

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called: the sheet, if there are several, and the file without its folder."""
        sheet = (self.export.sheet,) if self.export.sheet else ()
        return *sheet, _file_of(self.export).name.partition(".")[0]

    @property
    def shape(self) -> tuple[Any, ...]:
        """Return what files have in common that one section can read."""
        kind = format_of(_file_of(self.export), self.form.format)
        return kind, self.form, tuple(sorted(self.columns))


def exports(folder: Path) -> Iterator[Export]:
    """Yield the files below a folder that look like exports, by name."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if _is_hidden(path.relative_to(folder)):
            continue
        if is_archive(path):
            files = [Export(path, member) for member in _members(path)]
        else:
            files = [Export(path)] if _is_export(path) else []
        for file in files:
            yield from _sheets(file)


def _members(path: Path) -> list[str | None]:
    """Return the members of an archive that look like exports; None if it can't be looked into."""
    try:
        found = members(SOURCE, path, "*")
    except SourceError:
        return [None]
    return [name for name in found if _is_export(Path(name))]


def _sheets(export: Export) -> list[Export]:
    """Return the sheets of a spreadsheet that has several, otherwise the file as it is."""
    if format_of(_file_of(export), None) not in ("xlsx", "ods"):
        return [export]
    try:
        with _opened(export) as (path, form):
            names = SpreadsheetReader(SOURCE, path, form, {}).sheets()
    except (SourceError, OSError):  # reading it will say why
        return [export]
    return [replace(export, sheet=name) for name in names] if len(names) > 1 else [export]


def _file_of(export: Export) -> Path:
    return Path(export.member or export.path)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _is_export(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return bool(suffixes) and suffixes[-1] in ENDINGS


def sample(export: Export) -> Sample:
    """Read the beginning of a file; SourceError if it can't be read in any way that is tried."""
    if readable(str(export.path)) != str(export.path):
        raise SourceAnswerBroken(SOURCE, "its name is not UTF-8", "Rename it")
    with _opened(export) as (path, form):
        return _sample(export, path, form)


@contextmanager
def _opened(export: Export) -> Iterator[tuple[Path, FileFormat]]:
    """Give the file, out of its archive if it is in one, and what a section says of it so far."""
    path, member = export.path, export.member
    if not is_archive(path):
        yield path, FileFormat(sheet=export.sheet)
        return
    several = members(SOURCE, path, "*")
    pattern = glob.escape(member) if member and len(several) > 1 else None
    form = FileFormat(members=pattern, sheet=export.sheet)
    name = member or members(SOURCE, path, None)[0]
    with unpacked(SOURCE, path, name, form.limits.unpacked_bytes) as file:
        yield file, form


def _sample(export: Export, path: Path, form: FileFormat) -> Sample:
    kind = format_of(path, None)
    if kind == "parquet":
        return _read(export, path, form, tuple(_parquet_columns(path)))
    if kind in ("xlsx", "ods"):
        return _table(export, path, form)
    form = replace(form, encoding=_encoding(path))
    if kind == "json":
        form = replace(form, records=_list_within(path, form))
        return _read(export, path, form, tuple(_paths(path, form)))
    return _csv(export, path, form)


def _encoding(path: Path) -> str:
    """Return the first encoding in which the whole file can be read."""
    with path.open("rb") as stream:
        beginning = stream.read(4)
    marked = [name for mark, name in BYTE_ORDER_MARKS.items() if beginning.startswith(mark)]
    *tried, last = marked[:1] or ENCODINGS
    for encoding in tried:
        try:
            for _ in text_blocks(SOURCE, path, encoding):
                pass
        except SourceError:
            continue
        return encoding
    return last


def _csv(export: Export, path: Path, form: FileFormat) -> Sample:
    """Read a file with the delimiter that gives most columns of most rows."""
    tried: list[Sample] = []
    problems: list[SourceError] = []
    for delimiter in DELIMITERS:
        try:
            tried.append(_table(export, path, replace(form, delimiter=delimiter)))
        except SourceError as error:
            problems.append(error)
    if not tried:
        raise problems[0]
    return max(tried, key=lambda each: len(each.columns) * (1 + each.records.size))


def _table(export: Export, path: Path, form: FileFormat) -> Sample:
    """Read a file that has headings."""
    reader = _reader(path, form, ())
    next(reader.records(), None)
    return _read(export, path, form, reader.columns)


def _read(export: Export, path: Path, form: FileFormat, columns: tuple[str, ...]) -> Sample:
    known = tuple(name for name in columns if name and columns.count(name) == 1)
    first = next(_reader(path, form, known).records(), None)
    if first is None:
        first = Records(pa.table({name: pa.nulls(0) for name in known}), np.array([], int), str)
    return Sample(export, form, first.take(np.arange(min(first.size, LOOKED_AT))))


def _reader(path: Path, form: FileFormat, columns: tuple[str, ...]) -> Reader:
    needed = dict.fromkeys(columns, False)
    return READERS[format_of(path, form.format)](SOURCE, path, form, needed)


def _parquet_columns(path: Path) -> list[str]:
    try:
        return list(leaf_paths(pq.read_schema(path)))
    except (pa.ArrowException, OSError, ValueError) as error:
        problem = f"{path.name} can't be read as Parquet"
        raise SourceAnswerBroken(SOURCE, problem, "Export or copy the file again") from error


def _list_within(path: Path, form: FileFormat) -> str | None:
    """Return where the rows of a JSON file are that is one object around them, without an id."""
    beginning = next(text_blocks(SOURCE, path, form.encoding), b"")
    if not beginning.lstrip().startswith(b"{"):
        return None
    try:
        first = next(_reader(path, form, ()).records(), None)
        whole = json.loads(first.original(0)) if first and first.size == 1 else {"id": None}
        if any(named(key) == "id" for key in whole):
            return None
    except SourceError:  # it may be larger than a row may be
        pass
    try:
        return Document(iter([beginning]), "", form.limits).first_list()
    except BrokenDocument:  # its reader will say why
        return None


def _paths(path: Path, form: FileFormat) -> dict[str, None]:
    """Return the paths of the values within a JSON file's objects."""
    first = next(_reader(path, form, ()).records(), None)
    texts = [first.original(row) for row in range(min(first.size, OBJECTS))] if first else []
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(_leaves(json.loads(text)))
    return found


def _leaves(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < DEEPEST:
            yield from _leaves(inner, f"{prefix}{name}.", depth + 1)
        elif not isinstance(inner, list | dict):
            yield prefix + name


def named(column: str) -> str:
    """Write a column's name as `synonyms` has them: `Created At`, `createdAt` -> `created_at`."""
    name = re.sub(r"^(properties|attributes|fields)\.", "", column)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")

"""Readers, one a file format: bytes in, records with their line numbers out.

What the columns of a record mean is for `ingestion.mapping`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from ingestion.sources.files.readers.base import FileFormat, Reader
from ingestion.sources.files.readers.csv_reader import CsvReader
from ingestion.sources.files.readers.jsonl_reader import JsonLinesReader
from ingestion.sources.files.readers.parquet_reader import ParquetReader

SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}
TEXT_READERS: dict[str, Callable[[str, Path, FileFormat, Mapping[str, bool]], Reader]] = {
    "csv": CsvReader,
    "jsonl": JsonLinesReader,
}


def open_reader(
    source: str,
    path: Path,
    form: FileFormat,
    needed: Mapping[str, bool],
    moments: frozenset[str] = frozenset(),
) -> Reader:
    """Return the reader for a file and the columns that are needed (name -> must it be there).

    `moments` are the columns from which dates and times are made.
    """
    kind = file_kind(path, form.format)
    if kind == "parquet":
        return ParquetReader(source, path, form, needed, moments)
    return TEXT_READERS[kind](source, path, form, needed)


def file_kind(path: Path, configured: str | None) -> str:
    """Return a file's format: the configured one, or else by the file's name."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return configured or SUFFIXES.get(suffixes[-1] if suffixes else "", "csv")

"""Which reader a file needs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ingestion.sources.files.chunk import Reader
from ingestion.sources.files.csv_reader import CsvReader
from ingestion.sources.files.jsonl_reader import JsonLinesReader
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.parquet_reader import ParquetReader

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
    """Return the reader for a file, by the configured format or else by the file's name.

    `moments` are the columns out of which dates and times are made.
    """
    kind = form.format or _by_name(path)
    if kind == "parquet":
        return ParquetReader(source, path, form, needed, moments)
    return TEXT_READERS[kind](source, path, form, needed)


def _by_name(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return SUFFIXES.get(suffixes[-1], "csv") if suffixes else "csv"

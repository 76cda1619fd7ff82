"""Readers, one a file format: bytes in, records with their line numbers out.

What the columns of a record mean is for `ingestion.mapping`.
"""

from pathlib import Path

from ingestion.sources.files.readers.base import Reader
from ingestion.sources.files.readers.csv_reader import CsvReader
from ingestion.sources.files.readers.json_reader import JsonReader
from ingestion.sources.files.readers.parquet_reader import ParquetReader
from ingestion.sources.files.readers.spreadsheet_reader import SpreadsheetReader

SUFFIXES = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ods": "ods",
}
READERS: dict[str, type[Reader]] = {
    "csv": CsvReader,
    "json": JsonReader,
    "jsonl": JsonReader,
    "parquet": ParquetReader,
    "xlsx": SpreadsheetReader,
    "ods": SpreadsheetReader,
}


def format_of(path: Path, configured: str | None) -> str:
    """Return a file's format, a key of READERS: the configured one, or else by its name."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return configured or SUFFIXES.get(suffixes[-1] if suffixes else "", "csv")

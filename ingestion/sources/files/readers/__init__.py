"""Readers, one a file format: bytes in, records with their line numbers out.

What the columns of a record mean is for `ingestion.mapping`.
"""

from pathlib import Path

from ingestion.sources.files.readers.base import Reader
from ingestion.sources.files.readers.csv_reader import CsvReader
from ingestion.sources.files.readers.jsonl_reader import JsonLinesReader
from ingestion.sources.files.readers.parquet_reader import ParquetReader

SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}
READERS: dict[str, type[Reader]] = {
    "csv": CsvReader,
    "jsonl": JsonLinesReader,
    "parquet": ParquetReader,
}


def format_of(path: Path, configured: str | None) -> str:
    """Return a file's format, a key of READERS: the configured one, or else by its name."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return configured or SUFFIXES.get(suffixes[-1] if suffixes else "", "csv")

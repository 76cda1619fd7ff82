"""Lookup files: where the tables of a mapping's lookups are read from."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ingestion.errors import SourceAnswerBroken
from ingestion.mapping.declarations import EntityMapping, Lookup
from ingestion.mapping.lookups import lookup_table
from ingestion.mapping.records import Records
from ingestion.sources.files.readers.base import FileFormat
from ingestion.sources.files.readers.csv_reader import CsvReader
from ingestion.sources.files.state import digest


@dataclass(frozen=True)
class FileLookup(Lookup):
    """A lookup in a CSV file."""

    path: Path
    file_format: FileFormat


def file_lookups(mapping: EntityMapping) -> dict[str, FileLookup]:
    """Return the lookups of an entity by the names of its columns."""
    return {
        column.target.name: column.lookup
        for column in mapping.columns
        if isinstance(column.lookup, FileLookup)
    }


def read_lookups(source: str, mapping: EntityMapping) -> dict[str, pa.Table]:
    """Read an entity's lookup files: for each column, the table of key and value."""
    return {
        name: lookup_table(lookup, _records(source, lookup))
        for name, lookup in file_lookups(mapping).items()
    }


def fingerprint(own: str, mappings: list[EntityMapping]) -> str:
    """Name a source's mapping, of which `own` is the name, with the contents of lookup files."""
    hashed = hashlib.sha256(own.encode())
    for mapping in mappings:
        for lookup in file_lookups(mapping).values():
            hashed.update(digest(lookup.path, lookup.path.stat().st_size).encode())
    return hashed.hexdigest()


def _records(source: str, lookup: FileLookup) -> Iterator[Records]:
    needed = dict.fromkeys((*lookup.key, lookup.value), True)
    for records in CsvReader(source, lookup.path, lookup.file_format, needed).records():
        if records.rejects:
            reject = records.rejects[0]
            raise SourceAnswerBroken(
                source,
                f"line {reject.line} of {lookup.path.name} {reject.reason}",
                "Correct the file: values are looked up in it",
            )
        yield records

"""Lookup files: where the tables of a mapping's lookups are read from."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from ingestion.errors import SourceAnswerBroken
from ingestion.mapping.declarations import EntityMapping, Lookup
from ingestion.mapping.lookups import lookup_table
from ingestion.mapping.records import Records
from ingestion.sources.files.readers.base import FileFormat, Limits
from ingestion.sources.files.readers.csv_reader import CsvReader
from ingestion.sources.files.state import digest


@dataclass(frozen=True)
class FileLookup(Lookup):
    """A lookup in a CSV file."""

    path: Path
    file_format: FileFormat


def file_lookups(mapping: EntityMapping) -> tuple[FileLookup, ...]:
    """Return the lookups of an entity in files."""
    return tuple(each for each in mapping.lookups if isinstance(each, FileLookup))


def read_lookups(source: str, mapping: EntityMapping, limits: Limits) -> dict[Lookup, pa.Table]:
    """Read an entity's lookup files: for each lookup, the table of key and value."""
    return {
        lookup: lookup_table(lookup, _records(source, lookup, limits))
        for lookup in file_lookups(mapping)
    }


def check_lookups(source: str, mapping: EntityMapping, limits: Limits) -> None:
    """Look at the beginning of each lookup file; SourceError if it lacks what is needed."""
    for lookup in file_lookups(mapping):
        _reader(source, lookup, limits).check()


def fingerprint(own: str, mappings: list[EntityMapping]) -> str:
    """Name a source's mapping, of which `own` is the name, with the contents of lookup files."""
    hashed = hashlib.sha256(own.encode())
    for mapping in mappings:
        for lookup in file_lookups(mapping):
            hashed.update(digest(lookup.path, lookup.path.stat().st_size).encode())
    return hashed.hexdigest()


def _records(source: str, lookup: FileLookup, limits: Limits) -> Iterator[Records]:
    for records in _reader(source, lookup, limits).records():
        if records.rejects:
            reject = records.rejects[0]
            raise SourceAnswerBroken(
                source,
                f"line {reject.line} of {lookup.path.name} {reject.reason}",
                "Correct the file: values are looked up in it",
            )
        yield records


def _reader(source: str, lookup: FileLookup, limits: Limits) -> CsvReader:
    needed = dict.fromkeys((*lookup.key, lookup.value), True)
    return CsvReader(source, lookup.path, replace(lookup.file_format, limits=limits), needed)

"""Second files in which a column's value is looked up by a key."""

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column
from ingestion.errors import SourceAnswerBroken
from ingestion.sources.files.csv_reader import CsvReader
from ingestion.sources.files.expressions import evaluate
from ingestion.sources.files.mapping import ColumnMapping, EntityMapping, FilesMapping, Lookup
from ingestion.sources.files.marks import digest


def fingerprint(mapping: FilesMapping) -> str:
    """Name a mapping together with the contents of the files that it looks values up in."""
    hashed = hashlib.sha256(mapping.fingerprint.encode())
    for lookup in _lookups(mapping):
        hashed.update(digest(lookup.path, lookup.path.stat().st_size).encode())
    return hashed.hexdigest()


def read_lookups(source: str, entity: EntityMapping) -> dict[str, pa.Table]:
    """Read an entity's lookup files: for each column, the table of key and value."""
    return {
        column.target.name: _read(source, column.lookup)
        for column in entity.columns
        if column.lookup
    }


def _lookups(mapping: FilesMapping) -> list[Lookup]:
    columns = [column for entity in mapping.entities for column in entity.columns]
    return [column.lookup for column in columns if column.lookup]


def _read(source: str, lookup: Lookup) -> pa.Table:
    needed = dict.fromkeys((*lookup.key, lookup.value), True)
    key = ColumnMapping(Column("key"), "join", lookup.key, separator=lookup.separator)
    value = ColumnMapping(Column("value"), "from", (lookup.value,))
    parts = []
    for chunk in CsvReader(source, lookup.path, lookup.file_format, needed).chunks():
        if chunk.rejects:
            reject = chunk.rejects[0]
            raise SourceAnswerBroken(
                source,
                f"line {reject.line} of {lookup.path.name} {reject.reason}",
                "Correct the file: values are looked up in it",
            )
        columns = {"key": evaluate(key, chunk, {}), "value": evaluate(value, chunk, {})}
        parts.append(pa.table(columns).filter(pc.field("key").is_valid()))
    empty = pa.table({"key": pa.array([], pa.string()), "value": pa.array([], pa.string())})
    return pa.concat_tables(parts or [empty]).combine_chunks()

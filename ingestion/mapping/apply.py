"""Records made into an entity's rows, and the records that can't be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping import conditions
from ingestion.mapping.convert.types import convert
from ingestion.mapping.declarations import EntityMapping
from ingestion.mapping.expressions import evaluate
from ingestion.mapping.records import Records
from ingestion.rows import Reject, arrow_schema

# By column: which records fail (a mask), the column's name, and the reason.
NamedFailures = list[tuple[np.ndarray, str, str]]


@dataclass(frozen=True)
class MappedRows:
    """Good rows in the entity's schema, rejects, and how many records were the entity's."""

    batch: pa.Table
    rejects: tuple[Reject, ...]
    received: int


def map_records(
    mapping: EntityMapping, records: Records, lookups: dict[str, pa.Table]
) -> MappedRows:
    """Apply an entity's mapping to records; `lookups` as in `expressions.evaluate`."""
    records = _own_records(mapping, records)
    schema = arrow_schema(mapping.entity)
    values = {field.name: pa.nulls(records.size, field.type) for field in schema}
    failures: NamedFailures = []
    for column in mapping.columns:
        name = column.target.name
        texts = evaluate(column, records, lookups)
        values[name], failed = convert(texts, column.target, column.notation)
        failures += [(mask, name, reason) for mask, reason in failed]
    batch = pa.table(values, schema=schema)
    rejects = records.rejects
    if failures:
        bad = np.logical_or.reduce([mask for mask, _, _ in failures])
        rejects += tuple(_rejects(records, failures, np.flatnonzero(bad)))
        batch = batch.filter(pa.array(~bad))
    return MappedRows(batch, rejects, records.size + len(records.rejects))


def _own_records(mapping: EntityMapping, records: Records) -> Records:
    """Keep the records that meet the conditions; reject those for which that can't be decided."""
    if not mapping.where:
        return records
    met, reasons = conditions.judge(mapping, records)
    failures = [(mask, name, reason) for name, failed in reasons for mask, reason in failed]
    undecided = np.flatnonzero(np.asarray(pc.is_null(met)))
    kept = np.flatnonzero(np.asarray(pc.fill_null(met, False)))
    return Records(
        records.columns.filter(met),
        records.lines[kept],
        lambda row: records.original(int(kept[row])),
        (*records.rejects, *_rejects(records, failures, undecided)),
        {name: numbers.filter(met) for name, numbers in records.numbers.items()},
    )


def _rejects(records: Records, failures: NamedFailures, bad: Iterable[int]) -> Iterator[Reject]:
    """Name for each bad record the first thing that is wrong with it."""
    for row in bad:
        name, reason = next((name, reason) for mask, name, reason in failures if mask[row])
        yield Reject(int(records.lines[row]), name, reason, records.original(int(row)))

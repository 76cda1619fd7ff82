"""A chunk of a file made into an entity's rows, and the rows that can't be."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.sources.base import Reject, arrow_schema
from ingestion.sources.files import conditions
from ingestion.sources.files.chunk import Chunk
from ingestion.sources.files.convert import convert
from ingestion.sources.files.expressions import evaluate
from ingestion.sources.files.mapping import EntityMapping


@dataclass(frozen=True)
class Rows:
    """Good rows in the entity's schema, rejects, and how many rows the file had for it."""

    batch: pa.Table
    rejects: tuple[Reject, ...]
    received: int


def make_rows(mapping: EntityMapping, chunk: Chunk, lookups: dict[str, pa.Table]) -> Rows:
    """Apply an entity's mapping to a chunk."""
    chunk = _own_rows(mapping, chunk)
    size = chunk.columns.num_rows
    schema = arrow_schema(mapping.entity)
    values = {field.name: pa.nulls(size, field.type) for field in schema}
    failures: list[tuple[np.ndarray, str, str]] = []
    for column in mapping.columns:
        name = column.target.name
        values[name], failed = convert(evaluate(column, chunk, lookups), column)
        failures += [(rows, name, reason) for rows, reason in failed]
    batch = pa.table(values, schema=schema)
    rejects = chunk.rejects
    if failures:
        bad = np.logical_or.reduce([rows for rows, _, _ in failures])
        rejects += tuple(_rejects(chunk, failures, np.flatnonzero(bad)))
        batch = batch.filter(pa.array(~bad))
    return Rows(batch, rejects, size + len(chunk.rejects))


def _own_rows(mapping: EntityMapping, chunk: Chunk) -> Chunk:
    """Keep the rows that meet the entity's conditions; where that can't be told, reject them."""
    if not mapping.where:
        return chunk
    met, reasons = conditions.judge(mapping, chunk)
    failures = [(rows, name, reason) for name, failed in reasons for rows, reason in failed]
    untold = np.flatnonzero(np.asarray(pc.is_null(met)))
    kept = np.flatnonzero(np.asarray(pc.fill_null(met, False)))
    return Chunk(
        chunk.columns.filter(met),
        chunk.lines[kept],
        lambda row: chunk.original(int(kept[row])),
        (*chunk.rejects, *_rejects(chunk, failures, untold)),
        {name: numbers.filter(met) for name, numbers in chunk.numbers.items()},
    )


def _rejects(chunk: Chunk, failures: list[tuple[np.ndarray, str, str]], bad: np.ndarray):
    """Name for each bad row the first thing that is wrong with it."""
    for row in bad:
        name, reason = next((name, reason) for rows, name, reason in failures if rows[row])
        yield Reject(int(chunk.lines[row]), name, reason, chunk.original(int(row)))

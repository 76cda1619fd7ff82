"""A shop's orders in one CSV file of eight columns, as long as wanted, always the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

_CHUNK = 250_000
_FIRST_DAY = np.datetime64("2024-01-01T00:00:00", "s")
_SECONDS = 2 * 365 * 86_400

COLUMNS = (
    "order_id",
    "customer_id",
    "ordered_at",
    "gross_amount",
    "refunded_amount",
    "currency",
    "status",
    "channel",
)


def section(path: Path) -> dict[str, Any]:
    """Return the section of concord.toml that would map the file."""
    mapping = dict(zip(COLUMNS, COLUMNS, strict=True))
    entity = {"entity": "orders", "path": str(path), "columns": mapping}
    return {"kind": "files", "entities": [entity]}


def write(path: Path, rows: int) -> None:
    """Write `rows` orders, a chunk at a time."""
    chunks = _chunks(rows)
    first = next(chunks)
    with csv.CSVWriter(str(path), first.schema) as writer:
        writer.write_table(first)
        for chunk in chunks:
            writer.write_table(chunk)


def _chunks(rows: int) -> Iterator[pa.Table]:
    random = np.random.default_rng(20260101)
    for start in range(0, rows, _CHUNK):
        yield _chunk(random, np.arange(start, min(start + _CHUNK, rows)))


def _chunk(random: np.random.Generator, numbers: np.ndarray) -> pa.Table:
    count = len(numbers)
    moments = _FIRST_DAY + random.integers(0, _SECONDS, count)
    cents = random.integers(500, 50_000, count)
    columns = (
        _named("A-", numbers),
        _named("C", random.integers(0, 200_000, count)),
        pc.strftime(pa.array(moments), "%Y-%m-%dT%H:%M:%SZ"),
        pa.array(np.round(cents / 100, 2)),
        pa.array(np.where(random.random(count) < 0.05, np.round(cents / 200, 2), 0.0)),
        pa.array(random.choice(np.array(["EUR", "GBP", "CHF"]), count)),
        pa.array(random.choice(np.array(["completed", "refunded", "cancelled"]), count)),
        pa.array(random.choice(np.array(["web", "store", "app"]), count)),
    )
    return pa.table(dict(zip(COLUMNS, columns, strict=True)))


def _named(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")

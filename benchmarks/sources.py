"""Connectors against a vendor on loopback, beside dlt's own rest_api source and COPY.

dlt loads the same pages into the same PostgreSQL, as they come: with a table for each nested list,
as it does if nobody says otherwise, and with what is nested as JSON. COPY gets the rows that the
connector made of them, into tables with the same key. The memory is that of a process that reads
a long history piece by piece; PostgreSQL's own is not in it.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

import ingestion.loading
import ingestion.sources
from benchmarks import dlt_loads, warehouse
from benchmarks.finding import Finding, at_least, at_most, seconds_of
from benchmarks.memory import peak
from benchmarks.sizes import Sizes
from benchmarks.vendors import VENDORS, running
from ingestion.sources.base import Source
from ingestion.sources.rest.source import RestSource

_NAME = "sources"
# For each ticket there are an update and a fifth of a user, for each order half a customer.
_TICKETS, _ORDERS = 10_000, 5_000
_TICKETS_OF_YEARS = 455_000


def run(url: str, folder: Path, sizes: Sizes) -> list[Finding]:
    """Load each vendor's records in four ways, and read a long history of one."""
    counts = {"zendesk": int(_TICKETS * sizes.scale), "shopify": int(_ORDERS * sizes.scale)}
    repeats = sizes.connector_repeats
    found = [
        each
        for kind, count in counts.items()
        for each in _compared(kind, count, repeats, url, folder)
    ]
    return [*found, _memory(int(_TICKETS_OF_YEARS * sizes.scale))]


def _compared(kind: str, count: int, repeats: int, url: str, folder: Path) -> list[Finding]:
    with running(kind, count) as address:
        source = _source(kind, address)
        ways: dict[str, Callable[[], float]] = {
            "connector": lambda: _load(source, url),
            "COPY": lambda: _copy(url),
            "dlt": lambda: _load_by_dlt(kind, address, url, folder, is_flat=False),
            "dlt, nested as JSON": lambda: _load_by_dlt(kind, address, url, folder, is_flat=True),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(repeats):
            for name, way in ways.items():
                seconds[name].append(way())
    return _findings(kind, seconds, VENDORS[kind](count).records)


def _findings(kind: str, seconds: Mapping[str, list[float]], records: int) -> list[Finding]:
    middle = {name: median(samples) for name, samples in seconds.items()}
    ours = middle["connector"]
    speed, plain = records / ours, middle["dlt"] / ours
    flat, copied = middle["dlt, nested as JSON"] / ours, middle["COPY"] / ours
    return [
        Finding(_NAME, f"{kind}, speed beside dlt", plain, "", at_least(3), {**seconds}),
        Finding(_NAME, f"{kind}, beside dlt with what is nested as JSON", flat, ""),
        Finding(_NAME, f"{kind}, beside COPY of the same rows", copied, ""),
        Finding(_NAME, f"{kind}, records a second, of {records:,}", speed, " records/s"),
    ]


def _source(kind: str, address: str) -> RestSource:
    """Return a connector's source, without the pauses that the vendor asks for."""
    section = {"address": address, **VENDORS[kind].section}
    source = ingestion.sources.build(kind, section, Path())
    assert isinstance(source, RestSource)
    api = replace(source.mapping.api, pause=0)
    return replace(source, mapping=replace(source.mapping, api=api))


def _load(source: Source, url: str) -> float:
    """Load the records as the first load of a new warehouse; return the seconds."""
    warehouse.renew(url)
    warehouse.settle(url)
    return seconds_of(partial(ingestion.loading.load, source, url))


def _load_by_dlt(kind: str, address: str, url: str, folder: Path, *, is_flat: bool) -> float:
    """Let dlt load the same lists, as the first load of a new schema; return the seconds."""
    _drop(url, "dlt")
    warehouse.settle(url)
    with tempfile.TemporaryDirectory(dir=folder) as state:
        work = partial(dlt_loads.load, kind, address, url, Path(state), is_flat=is_flat)
        return seconds_of(work)


def _copy(url: str) -> float:
    """Copy what the connector loaded into tables like its own; return the seconds."""
    _drop(url, "copied")
    with psycopg.connect(url) as connection:
        connection.execute("create schema copied")
        found = connection.execute("select tablename from pg_tables where schemaname = 'raw'")
        tables = [sql.Identifier(name) for (name,) in found.fetchall()]
        for table in tables:
            made = sql.SQL("create table copied.{0} (like raw.{0} including all)")
            connection.execute(made.format(table))
        connection.commit()
        rows = [(table, _rows(connection, table)) for table in tables]
        warehouse.settle(url)
        return seconds_of(partial(_write, connection, rows))


def _rows(connection: psycopg.Connection, table: sql.Identifier) -> bytes:
    statement = sql.SQL("copy raw.{} to stdout").format(table)
    with connection.cursor().copy(statement) as copy:
        return b"".join(copy)


def _write(connection: psycopg.Connection, tables: list[tuple[sql.Identifier, bytes]]) -> None:
    for table, rows in tables:
        statement = sql.SQL("copy copied.{} from stdin").format(table)
        with connection.cursor().copy(statement) as copy:
            copy.write(rows)
    connection.commit()


def _drop(url: str, schema: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema))
        )


def _memory(tickets: int) -> Finding:
    """Read a long history in a process of its own and ask how much memory that took."""
    with running("zendesk", tickets) as address:
        command = [sys.executable, "-m", "benchmarks.sources", address]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    records, megabytes = VENDORS["zendesk"](tickets).records, float(done.stdout)
    what = f"peak memory while a connector reads {records:,} records"
    return Finding(_NAME, what, megabytes, " MB", at_most(1024, " MB"))


def read(address: str) -> None:
    """Read all pieces of a Zendesk."""
    state: Mapping[str, Any] = {}
    source, has_more = _source("zendesk", address), True
    while has_more:
        for extract in source.extract(state):
            if extract.state is not None:
                state, has_more = extract.state, extract.has_more


if __name__ == "__main__":
    read(sys.argv[1])
    sys.stdout.write(str(peak()))

"""The files source against COPY of the same bytes.

The fair reference is COPY into a table with the key that the raw table has, since the source
must find rows again by it; COPY without a key is shown beside it. All three load one file into
one server, one after another.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import psycopg
from psycopg import sql

import ingestion.loading
import ingestion.sources
from benchmarks import orders, warehouse
from benchmarks.finding import Finding, at_least, seconds_of
from benchmarks.sizes import Sizes

_NAME = "files source"
_BLOCK = 1 << 20


def run(url: str, folder: Path, sizes: Sizes) -> list[Finding]:
    """Load one file in three ways, one after another, and compare their medians."""
    path = folder / "orders.csv"
    orders.write(path, sizes.loaded_rows)
    ways: dict[str, Callable[[], float]] = {
        "source": lambda: _load(url, folder, path),
        "keyed COPY": lambda: _copy(url, path, has_key=True),
        "bare COPY": lambda: _copy(url, path, has_key=False),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(sizes.load_repeats):
        for name, way in ways.items():
            seconds[name].append(way())
    return _findings(seconds, sizes.loaded_rows)


def _findings(seconds: dict[str, list[float]], rows: int) -> list[Finding]:
    middle = {name: median(samples) for name, samples in seconds.items()}
    keyed = middle["keyed COPY"] / middle["source"]
    bare = middle["bare COPY"] / middle["source"]
    speed = rows / middle["source"]
    return [
        Finding(_NAME, "speed beside COPY into the same key", keyed, "", at_least(0.5), seconds),
        Finding(_NAME, "speed beside COPY without a key", bare, ""),
        Finding(_NAME, f"rows a second, of {rows:,}", speed, " rows/s"),
    ]


def _load(url: str, folder: Path, path: Path) -> float:
    """Load the file as the first load of a new warehouse; return the seconds."""
    warehouse.renew(url)
    source = ingestion.sources.build("shop", orders.section(path), folder)
    warehouse.settle(url)
    return seconds_of(partial(ingestion.loading.load, source, url))


def _copy(url: str, path: Path, *, has_key: bool) -> float:
    """Copy the file's bytes into a table; return the seconds."""
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
        for name, kind in orders.COLUMNS.items()
    ]
    key = sql.SQL(", primary key (source_name, order_id)" if has_key else "")
    names = sql.SQL(", ").join(map(sql.Identifier, orders.COLUMNS))
    with psycopg.connect(url) as connection:
        connection.execute("drop table if exists copied")
        connection.execute(
            sql.SQL("create table copied (source_name text default 'shop', {}{})").format(
                sql.SQL(", ").join(columns), key
            )
        )
        connection.commit()
        warehouse.settle(url)
        statement = sql.SQL("copy copied ({}) from stdin (format csv, header)").format(names)
        return seconds_of(partial(_write, connection, statement, path))


def _write(connection: psycopg.Connection, statement: sql.Composed, path: Path) -> None:
    with connection.cursor().copy(statement) as copy, path.open("rb") as file:
        while block := file.read(_BLOCK):
            copy.write(block)
    connection.commit()
